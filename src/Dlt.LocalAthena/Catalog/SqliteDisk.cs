using Microsoft.Data.Sqlite;

namespace Dlt.Local;

/// <summary>What SQLite says of a disk that is full: the first statement says so, later ones only "disk I/O error".</summary>
internal static class SqliteDisk
{
    private const int IoError = 10;
    private const int Full = 13;
    private const long LeastFreeBytes = 1 << 20;

    /// <summary>True for errors of the disk.</summary>
    public static bool IsConcerned(SqliteException error) => error.SqliteErrorCode is IoError or Full;

    /// <summary>The error for the user.</summary>
    /// <param name="path">The database.</param>
    /// <param name="error">What SQLite said.</param>
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
            return long.MaxValue;   // nobody knows
        }
    }
}
