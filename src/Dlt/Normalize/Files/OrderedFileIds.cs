using System.Globalization;
using System.Security.Cryptography;

namespace Dlt.Normalize.Files;

/// <summary>
/// Creates the file ids of a package's jobs. Each id is greater than the one before, so the jobs of a table, which are listed by name, keep
/// the order of the rows: a merge can keep the last row of a key.
/// </summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class OrderedFileIds
{
    private const int MaxStep = 1 << 20;   // a million files on average, until the ids have more than ten digits

    // The first id is in the lower half of the ids.
    private long _last = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & ((1L << 39) - 1);

    /// <summary>Returns the next id: ten digits in lower-case hexadecimal, as in dlt.</summary>
    public string Next()
    {
        _last += RandomNumberGenerator.GetInt32(1, MaxStep);
        return _last.ToString("x10", CultureInfo.InvariantCulture);
    }
}
