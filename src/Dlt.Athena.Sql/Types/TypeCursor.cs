using System.Globalization;

namespace Dlt.Sql;

/// <summary>Position in the text of a type. Spaces between parts are skipped.</summary>
internal ref struct TypeCursor(string text)
{
    /// <summary>Index of the next character.</summary>
    public int At { get; set; }

    /// <summary>Text of the type.</summary>
    public string Text { get; } = text;

    /// <summary>Returns the next character that is not a space; '\0' at the end.</summary>
    public char Peek()
    {
        while (At < Text.Length && char.IsWhiteSpace(Text[At])) At++;
        return At < Text.Length ? Text[At] : '\0';
    }

    /// <summary>Returns true when a word of letters, digits and underscores begins here.</summary>
    public bool IsAtWord() => char.IsLetter(Peek()) || Peek() == '_';

    /// <summary>Reads a word of letters, digits and underscores, unchanged; empty when none begins here.</summary>
    public string Word()
    {
        if (!IsAtWord()) return "";
        var start = At;
        while (At < Text.Length && (char.IsLetterOrDigit(Text[At]) || Text[At] == '_')) At++;
        return Text[start..At];
    }

    /// <summary>Returns the next word in lower case without reading it.</summary>
    public string PeekWord()
    {
        Peek();
        var start = At;
        var word = Word().ToLowerInvariant();
        At = start;
        return word;
    }

    /// <summary>Reads the word if it is next, in any case.</summary>
    public bool Takes(string word)
    {
        if (PeekWord() != word) return false;
        Word();
        return true;
    }

    /// <summary>Reads the character if it is next.</summary>
    public bool Takes(char c)
    {
        if (Peek() != c) return false;
        At++;
        return true;
    }

    /// <exception cref="AthenaTypeFormatException">Another character is next.</exception>
    public void Expect(char c)
    {
        if (!Takes(c)) throw Problem($"'{c}' is missing");
    }

    /// <exception cref="AthenaTypeFormatException">Another word is next.</exception>
    public void Expect(string word)
    {
        if (!Takes(word)) throw Problem($"'{word}' is missing");
    }

    /// <exception cref="AthenaTypeFormatException">No number within the range is next.</exception>
    public int Number(int min, int max, string what)
    {
        Peek();
        var start = At;
        while (At < Text.Length && char.IsAsciiDigit(Text[At])) At++;
        var digits = Text.AsSpan(start, At - start);
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        At = start;
        throw Problem($"{what} must be a number from {min} to {max}");
    }

    /// <summary>Reads a name in quotes; two quotes in the name mean one.</summary>
    /// <exception cref="AthenaTypeFormatException">The name is empty, or its closing quote is missing.</exception>
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
        throw Problem($"a name in {quote} is empty or has no closing quote");
    }

    /// <summary>Reads the arguments of a decimal, <c>(10, 2)</c> or <c>(10)</c>, if they are next.</summary>
    /// <param name="defaultPrecision">The precision without arguments.</param>
    public AthenaType.Decimal Decimal(int defaultPrecision)
    {
        if (!Takes('(')) return new(defaultPrecision, 0);
        var precision = Number(1, AthenaType.Decimal.MaxPrecision, "the precision of a decimal");
        var scale = Takes(',') ? Number(0, precision, "the scale of a decimal") : 0;
        Expect(')');
        return new(precision, scale);
    }

    /// <summary>Reads the length of a text, <c>(20)</c>, if it is next.</summary>
    /// <returns>Null if there is none.</returns>
    public int? Length()
    {
        if (!Takes('(')) return null;
        var length = Number(1, int.MaxValue, "a length");
        Expect(')');
        return length;
    }

    /// <exception cref="AthenaTypeFormatException">The type is nested too deeply.</exception>
    public readonly void CheckDepth(int depth)
    {
        if (depth > AthenaTypeParser.MaxDepth) throw Problem($"types are nested deeper than {AthenaTypeParser.MaxDepth}");
    }

    /// <exception cref="AthenaTypeFormatException">There is more text.</exception>
    public void End()
    {
        if (Peek() != '\0') throw Problem("there is text after the end of the type");
    }

    /// <summary>Creates an error at the current position.</summary>
    public readonly AthenaTypeFormatException Problem(string problem) => new(Text, At, problem);

    /// <summary>Creates an error at another position.</summary>
    public readonly AthenaTypeFormatException Problem(string problem, int at) => new(Text, at, problem);
}
