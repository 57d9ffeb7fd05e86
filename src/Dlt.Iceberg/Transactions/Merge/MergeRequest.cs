namespace Dlt.Iceberg;

/// <summary>Describes one change of a table in a merge: rows that go, rows that get other values, and new rows.</summary>
internal sealed record MergeRequest
{
    /// <summary>No constant values.</summary>
    public static IReadOnlyDictionary<int, object?> NoValues { get; } = new Dictionary<int, object?>();

    /// <summary>Rows of the table that are removed.</summary>
    public RowCondition Removed { get; init; } = RowCondition.None;

    /// <summary>Rows of the table that get the values of <see cref="Values"/>. A row that is also removed is removed.</summary>
    public RowCondition Changed { get; init; } = RowCondition.None;

    /// <summary>New values of changed rows by the id of a top-level field, in the .NET form of <see cref="PrimitiveKind"/>.</summary>
    public IReadOnlyDictionary<int, object?> Values { get; init; } = NoValues;

    /// <summary>
    /// Rows of the table that are only looked at, for conditions with <see cref="KeyCondition.Marks"/>: they stay as they are.
    /// </summary>
    public RowCondition Observed { get; init; } = RowCondition.None;

    /// <summary>Rows of the table on which the merge depends: those that are removed, changed or looked at.</summary>
    public RowCondition Looked => new AnyCondition([Removed, Changed, Observed]);

    /// <summary>Returns the new rows. It is called once, after all rows of the table were seen.</summary>
    public Func<IReadOnlyList<NewRows>> Added { get; init; } = () => [];

    /// <summary>Id of a snapshot whose files are left as they are; null for none.</summary>
    public long? Skipped { get; init; }

    /// <summary>
    /// Receives the files that are written again without their matching rows, before the first is written; null for nobody.
    /// Not called for merge-on-read.
    /// </summary>
    public Action<IReadOnlyList<DataFile>>? OnRewrite { get; init; }

    /// <summary>Folder for the files that are written again, until they are uploaded; null for that of the process.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Columns of removed rows that <see cref="OnRemoved"/> reads.</summary>
    public IReadOnlyList<NestedField> Seen { get; init; } = [];

    /// <summary>Receives the rows that are removed; null for nobody. It is called for one batch at a time.</summary>
    public Action<RowBatch, ReadOnlySpan<bool>>? OnRemoved { get; init; }
}
