using System.Collections.Immutable;
using System.Text;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Statements by which Athena merges the staged rows of a chain, with the texts of Python dlt 1.31 (docs/spec/athena-destination.md 5.3).
/// They run one after another. A script that stopped is repeated from its first statement.
/// </summary>
internal static class MergeScript
{
    /// <summary>Bytes of the longest statement that Athena takes (Amazon Athena User Guide, Service Quotas).</summary>
    private const int MaxBytes = 262_144;

    /// <summary>Returns the statements of a merge.</summary>
    /// <exception cref="SchemaException">
    /// A table lacks a key, a condition has an unknown placeholder, or a statement is too long for Athena.
    /// </exception>
    public static ImmutableArray<MergeStatement> Of(MergeInput input)
    {
        ImmutableArray<MergeStatement> statements =
        [
            .. input.Strategy switch
            {
                MergeStrategy.DeleteInsert strategy => DeleteInsertSql.Of(input, strategy),
                MergeStrategy.Upsert strategy => UpsertSql.Of(input, strategy),
                MergeStrategy.Cdc strategy => CdcSql.Of(input, strategy),
                MergeStrategy.Scd2 strategy => Scd2Sql.Of(input, strategy),
                MergeStrategy.InsertOnly => UpsertSql.OfNewRows(input),
                var other => throw new InvalidOperationException($"There are no statements for {other.Kind}."),
            },
        ];
        var longest = statements.MaxBy(s => s.Sql.Length)!.Sql;
        if (Encoding.UTF8.GetByteCount(longest) is var bytes && bytes <= MaxBytes) return statements;
        throw new SchemaException($"The merge of table '{input.Root.Name}' needs a statement of {bytes:N0} bytes for its columns, "
            + $"and Athena takes {MaxBytes:N0}. Nothing was loaded. Set merge_engine = \"native\".")
        { Table = input.Root.Name };
    }
}
