using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Gives a failed statement the error that a call of Glue for the same change would have. Athena has no codes for statements of Hive; the
/// text of the reason decides (docs/spec/athena-destination.md 5.6).
/// </summary>
internal static class DdlFailure
{
    private static readonly (string Part, string Code)[] Codes =
    [
        ("already exists", "AlreadyExistsException"),
        ("AlreadyExistsException", "AlreadyExistsException"),
        ("Duplicate column", "ConcurrentModificationException"),
        ("COLUMN_ALREADY_EXISTS", "ConcurrentModificationException"),
        ("ICEBERG_COMMIT_ERROR", "ConcurrentModificationException"),
        ("SCHEMA_NOT_FOUND", "EntityNotFoundException"),
        ("TABLE_NOT_FOUND", "EntityNotFoundException"),
        ("Database does not exist", "EntityNotFoundException"),
        ("NoSuchObjectException", "EntityNotFoundException"),
        ("EntityNotFoundException", "EntityNotFoundException"),
    ];

    /// <summary>The error of a statement.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="error">Its failure.</param>
    public static DltException Of(string sql, AthenaQueryException error)
    {
        var message = $"Athena did not run the statement '{HeadOf(sql)}': {Failure.Sentence(error)} The statement has changed nothing.";
        var code = Codes.FirstOrDefault(c => error.Message.Contains(c.Part, StringComparison.OrdinalIgnoreCase)).Code;
        return code is null
            ? new DltException(message, error) { IsTransient = error.IsTransient }
            : new GlueException(code, message, error) { IsTransient = error.IsTransient };
    }

    /// <summary>The statement up to its columns.</summary>
    private static string HeadOf(string sql) => sql.Split('(', 2)[0].Trim();
}
