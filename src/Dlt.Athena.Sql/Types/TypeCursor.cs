using System.Globalization;

namespace Dlt.Sql;

/// <summary>A place in the text of a type. Blanks between parts do not count.</summary>
internal ref struct TypeCursor(string text)
{
    /// <summary>The index of the next character.</summary>
    public int At { get; set; }

    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>The next character that is not blank; '\0' at the end.</summary>
    public char Peek()
    {
        while (At < Text.Length && char.IsWhiteSpace(Text[At])) At++;
        return At < Text.Length ? Text[At] : '\0';
    }

    /// <summary>True when a word of letters, digits and underscores begins here.</summary>
    public bool IsAtWord() => char.IsLetter(Peek()) || Peek() == '_';

    /// <summary>Takes a word of letters, digits and underscores as it stands; it is empty where none begins.</summary>
    public string Word()
    {
        if (!IsAtWord()) return "";
        var start = At;
        while (At < Text.Length && (char.IsLetterOrDigit(Text[At]) || Text[At] == '_')) At++;
        return Text[start..At];
    }

    /// <summary>The word that stands here, in lower case, without taking it.</summary>
    public string PeekWord()
    {
        Peek();
        var start = At;
        var word = Word().ToLowerInvariant();
        At = start;
        return word;
    }

    /// <summary>Takes the word if it stands here, in any case.</summary>
    public bool Takes(string word)
    {
        if (PeekWord() != word) return false;
        Word();
        return true;
    }

    /// <summary>Takes the character if it stands here.</summary>
    public bool Takes(char c)
    {
        if (Peek() != c) return false;
        At++;
        return true;
    }

    /// <exception cref="AthenaTypeFormatException">Another character stands here.</exception>
    public void Expect(char c)
    {
        if (!Takes(c)) throw Problem($"'{c}' is missing");
    }

    /// <exception cref="AthenaTypeFormatException">Another word stands here.</exception>
    public void Expect(string word)
    {
        if (!Takes(word)) throw Problem($"'{word}' is missing");
    }

    /// <exception cref="AthenaTypeFormatException">No number of the range stands here.</exception>
    public int Number(int min, int max, string what)
    {
        Peek();
        var start = At;
        while (At < Text.Length && char.IsAsciiDigit(Text[At])) At++;
        var digits = Text.AsSpan(start, At - start);
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        At = start;
        throw Problem($"{what} is a number from {min} to {max}");
    }

    /// <summary>Takes a name in quotes; two quotes in it stand for one.</summary>
    /// <exception cref="AthenaTypeFormatException">The name is empty, or its end is missing.</exception>
    public string Quoted(char quote)
    {
        var start = At;
        Expect(quote);
        var name = new System.Text.StringBuilder();
        for (; At < Text.Length; At++)
        {
            if (Text[At] != quote)
            {
                name.Append(Text[At]);
                continue;
            }

            At++;
            if (At < Text.Length && Text[At] == quote) name.Append(quote);
            else if (name.Length > 0) return name.ToString();
            else break;
        }

        At = start;
        throw Problem($"a name in {quote} is empty, or does not end");
    }

    /// <exception cref="AthenaTypeFormatException">The text goes on.</exception>
    public void End()
    {
        if (Peek() != '\0') throw Problem("the text goes on behind the type");
    }

    /// <summary>An error at this place.</summary>
    public readonly AthenaTypeFormatException Problem(string problem) => new(Text, At, problem);

    /// <summary>An error at another place.</summary>
    public readonly AthenaTypeFormatException Problem(string problem, int at) => new(Text, at, problem);
}
