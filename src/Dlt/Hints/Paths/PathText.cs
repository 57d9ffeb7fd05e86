using System.Globalization;
using System.Text;

namespace Dlt.Hints.Paths;

/// <summary>The text of a JSONPath, read from left to right. Blanks between its parts mean nothing.</summary>
internal sealed class PathText(string text)
{
    /// <summary>Position, 0 at the beginning.</summary>
    public int At { get; private set; }

    /// <summary>True when only blanks are left.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return At >= text.Length;
        }
    }

    /// <summary>An error at the position, or at another one.</summary>
    public PathException Unexpected(string? what = null, int? at = null)
    {
        SkipBlanks();
        return new(text, at ?? At, what ?? (At >= text.Length ? "something is missing" : "an unexpected character is"));
    }

    public bool StartsWith(string part)
    {
        SkipBlanks();
        return text.AsSpan(At).StartsWith(part, StringComparison.Ordinal);
    }

    public bool TryTake(string part)
    {
        if (!StartsWith(part)) return false;
        At += part.Length;
        return true;
    }

    public void Take(string part)
    {
        if (!TryTake(part)) throw Unexpected($"'{part}' is missing");
    }

    /// <summary>Takes a word that is followed by a blank.</summary>
    public bool TryTakeWord(string word) => StartsWith(word + " ") && TryTake(word);

    /// <summary>Takes <c>@</c> when it is not the beginning of a name.</summary>
    public bool IsThis() => StartsWith("@") && (At + 1 >= text.Length || !IsOfName(text[At + 1])) && TryTake("@");

    public bool IsAtNumber()
    {
        SkipBlanks();
        return At < text.Length
            && (char.IsAsciiDigit(text[At]) || (text[At] == '-' && At + 1 < text.Length && char.IsAsciiDigit(text[At + 1])));
    }

    /// <summary>Takes an integer; null when there is none.</summary>
    public int? Number()
    {
        if (!IsAtNumber()) return null;
        var end = At + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (!int.TryParse(text.AsSpan(At, end - At), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Unexpected("a number that is too large is");
        At = end;
        return number;
    }

    /// <summary>Takes a name, quoted or not. A name without quotes may have letters of any language, digits, <c>_ - @</c>.</summary>
    public string Name()
    {
        SkipBlanks();
        if (At < text.Length && text[At] is '\'' or '"') return Quoted();
        var end = At;
        while (end < text.Length && IsOfName(text[end])) end++;
        if (end == At) throw Unexpected();
        var name = text[At..end];
        At = end;
        return name;
    }

    /// <summary>Takes a text, number or boolean.</summary>
    public JsonValue Constant()
    {
        SkipBlanks();
        if (At < text.Length && text[At] is '\'' or '"') return JsonValue.String(Quoted());
        var end = At;
        while (end < text.Length && (IsOfName(text[end]) || text[end] is '.' or '+')) end++;
        var word = text[At..end];
        if (word.Length == 0) throw Unexpected("a value is missing");
        At = end;
        if (word is "true" or "false" or "True" or "False") return JsonValue.Bool(word[0] is 't' or 'T');
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return JsonValue.Integer(integer);
        return double.TryParse(word, CultureInfo.InvariantCulture, out var real) ? JsonValue.Real(real) : JsonValue.String(word);
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '_' or '-' or '@';

    private string Quoted()
    {
        var (start, quote) = (At, text[At]);
        var name = new StringBuilder();
        for (At++; At < text.Length; At++)
        {
            if (text[At] == quote)
            {
                At++;
                return name.ToString();
            }

            if (text[At] == '\\' && At + 1 < text.Length) At++;
            name.Append(text[At]);
        }

        throw Unexpected("a quote that is not closed is", start);
    }

    private void SkipBlanks()
    {
        while (At < text.Length && char.IsWhiteSpace(text[At])) At++;
    }
}
