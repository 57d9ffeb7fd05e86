using System.Data.Common;

namespace Dlt.Sources.Sql;

/// <summary>Chooses how the rows of a data reader are gathered.</summary>
/// <remarks>
/// The values of SQLite can be read directly from its memory. That needs SQLite, which this assembly does not reference, so the package
/// Dlt.Sources implements it. Its type is found by name, like the types of providers (<see cref="ProviderTypes"/>).
/// </remarks>
internal static class ReaderBatches
{
    private const string SqliteReader = "Microsoft.Data.Sqlite.SqliteDataReader";

    private static readonly Lazy<Func<DbDataReader, IReadOnlyList<string>, IReaderBatch?>?> OfSqlite = new(() =>
        Type.GetType("Dlt.Sources.Sql.SqliteReaderBatch, Dlt.Sources")?.GetMethod("TryCreate")?
            .CreateDelegate<Func<DbDataReader, IReadOnlyList<string>, IReaderBatch?>>());

    /// <summary>Returns whether a reader belongs to Microsoft.Data.Sqlite.</summary>
    public static bool IsSqlite(DbDataReader reader) => reader.GetType().FullName == SqliteReader;

    /// <summary>Creates a batch that gathers the rows of a reader.</summary>
    /// <param name="reader">Data reader before its first row.</param>
    /// <param name="names">Names of the reader's columns.</param>
    public static IReaderBatch Of(DbDataReader reader, IReadOnlyList<string> names) =>
        (IsSqlite(reader) ? OfSqlite.Value?.Invoke(reader, names) : null) ?? new PlainReaderBatch(reader, names);
}
