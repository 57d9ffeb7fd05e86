using Microsoft.Data.Sqlite;

namespace Dlt.Local;

/// <summary>
/// Recognizes errors of the disk. If it is full, SQLite says so for the first statement; later ones fail with "disk I/O error".
/// </summary>
internal static class SqliteDisk
{
    private const int IoError = 10;
    private const int Full = 13;
    private const long LeastFreeBytes = 1 << 20;

    /// <summary>True when the disk is full or has failed.</summary>
    public static bool IsDiskError(SqliteException error) => error.SqliteErrorCode is IoError or Full;

    /// <summary>Translates an error of the disk.</summary>
    /// <param name="path">Path of the database.</param>
    /// <param name="error">Error of SQLite.</param>
    public static DltException Failed(string path, SqliteException error) =>
        error.SqliteErrorCode == Full || FreeBytes(path) < LeastFreeBytes
        ? new($"The disk is full: the local Glue catalog {path} cannot be used ({error.Message}). "
            + "Nothing half-written is visible; free space and run again.", error)
        : new($"The local Glue catalog {path} cannot be used: {error.Message} "
            + "Nothing half-written is visible; check the disk, then run again.", error);

    private static long FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return long.MaxValue;   // not known, so not reported as full
        }
    }
}
