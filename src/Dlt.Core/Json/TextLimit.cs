using System.Globalization;

namespace Dlt.Types;

/// <summary>The longest text or binary value: 1 GB. A text of .NET cannot be much longer, and pages of Parquet cannot either.</summary>
internal static class TextLimit
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int MaxBytes = 1_000_000_000;

    /// <summary>What is wrong with a value of that many bytes, without a full stop.</summary>
    public static string Reason(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"a value of {bytes} bytes, where one may have 1 GB ({MaxBytes} bytes) at most");

    /// <summary>Refuses a value of a source that is too long.</summary>
    /// <param name="bytes">Bytes of UTF-8.</param>
    /// <param name="field">Its field.</param>
    /// <exception cref="DltException">It is.</exception>
    public static void Check(long bytes, string field)
    {
        if (bytes <= MaxBytes) return;
        throw new DltException(
            $"Field '{field}' has {Reason(bytes)}. Nothing of this run was loaded, and the state is as before. "
            + "Cut the value in the resource, or leave it out.");
    }
}
