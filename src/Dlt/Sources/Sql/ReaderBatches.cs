using System.Data.Common;

namespace Dlt.Sources.Sql;

/// <summary>Chooses how the rows of a reader are gathered.</summary>
/// <remarks>
/// The values of SQLite can be taken from its own memory. That needs SQLite, which this assembly does not know: the package Dlt.Sources
/// does it where a program has that package, and is found by name, as the types of providers are (<see cref="ProviderTypes"/>).
/// </remarks>
internal static class ReaderBatches
{
    private const string SqliteReader = "Microsoft.Data.Sqlite.SqliteDataReader";

    private static readonly Lazy<Func<DbDataReader, IReadOnlyList<string>, IReaderBatch?>?> OfSqlite = new(() =>
        Type.GetType("Dlt.Sources.Sql.SqliteReaderBatch, Dlt.Sources")?.GetMethod("TryCreate")?
            .CreateDelegate<Func<DbDataReader, IReadOnlyList<string>, IReaderBatch?>>());

    /// <summary>True for the reader of Microsoft.Data.Sqlite.</summary>
    public static bool IsSqlite(DbDataReader reader) => reader.GetType().FullName == SqliteReader;

    /// <summary>Gathers the rows of a reader.</summary>
    /// <param name="reader">The reader, before its first row.</param>
    /// <param name="names">Names of its columns.</param>
    public static IReaderBatch Of(DbDataReader reader, IReadOnlyList<string> names) =>
        (IsSqlite(reader) ? OfSqlite.Value?.Invoke(reader, names) : null) ?? new PlainReaderBatch(reader, names);
}
