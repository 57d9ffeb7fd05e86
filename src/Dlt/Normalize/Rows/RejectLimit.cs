using System.Globalization;

namespace Dlt.Normalize.Rows;

/// <summary>How many rows of a load may be rejected (<c>dlt load --max-rejects</c>).</summary>
internal static class RejectLimit
{
    /// <param name="rejects">Rows that were rejected.</param>
    /// <param name="most">The most that may be; null for any number.</param>
    /// <exception cref="TooManyRejectsException">There are more.</exception>
    public static void Check(long rejects, long? most)
    {
        if (most is null || rejects <= most) return;
        throw new TooManyRejectsException(string.Create(
            CultureInfo.InvariantCulture,
            $"{rejects} row(s) were rejected, and --max-rejects allows {most}. Nothing was loaded. "
            + $"Correct the files, then run again; or run without --max-rejects, which loads the other rows and keeps these in "
            + $"{RejectedItem.Table} with their reasons."));
    }
}
