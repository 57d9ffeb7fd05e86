namespace Dlt.Json;

/// <summary>Decodes base64 as dlt writes it: the standard alphabet with padding and without spaces.</summary>
internal static class Base64Text
{
    /// <summary>Decodes a text to bytes.</summary>
    /// <returns>False when the text is not base64, contains spaces or lacks its padding.</returns>
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 != 0 || text.AsSpan().IndexOfAny(" \t\r\n") >= 0) return false;
        var buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, buffer, out var written)) return false;
        bytes = buffer[..written];
        return true;
    }
}
