using System.Globalization;
using Dlt.Items;

namespace Dlt.Normalize.Rows;

/// <summary>Limit of rejected rows per load (<c>dlt load --max-rejects</c>).</summary>
internal static class RejectLimit
{
    /// <summary>Checks the number of rejected rows.</summary>
    /// <param name="rejects">Number of rejected rows.</param>
    /// <param name="most">Maximum number of rejected rows; null for no limit.</param>
    /// <exception cref="TooManyRejectsException">The number is above the limit.</exception>
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
