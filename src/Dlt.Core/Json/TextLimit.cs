using System.Globalization;

namespace Dlt.Json;

/// <summary>Limits the length of a text or binary value to 1 GB, because .NET strings and Parquet pages cannot be much longer.</summary>
internal static class TextLimit
{
    /// <summary>Maximum length in bytes of UTF-8.</summary>
    public const int MaxBytes = 1_000_000_000;

    /// <summary>Returns the description of a value that is too long, without a full stop.</summary>
    public static string Reason(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"a value of {bytes} bytes, but at most 1 GB ({MaxBytes} bytes) is allowed");

    /// <summary>Throws when a value of a source is too long.</summary>
    /// <param name="bytes">Length of the value in bytes of UTF-8.</param>
    /// <param name="field">Name of the field, for the message.</param>
    /// <exception cref="DltException">The value is too long.</exception>
    public static void Check(long bytes, string field)
    {
        if (bytes <= MaxBytes) return;
        throw new DltException(
            $"Field '{field}' has {Reason(bytes)}. Nothing of this run was loaded, and the state is as before. "
            + "Cut the value in the resource, or leave it out.");
    }
}
