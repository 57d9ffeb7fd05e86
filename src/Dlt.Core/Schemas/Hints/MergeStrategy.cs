namespace Dlt;

/// <summary>
/// Specifies how <see cref="WriteDisposition.Merge"/> combines new rows with those of the table (dlt documentation, Merge strategies):
/// <see cref="DeleteInsert"/>, <see cref="Upsert"/>, <see cref="Cdc"/>, <see cref="Scd2"/> or <see cref="InsertOnly"/>.
/// </summary>
/// <remarks>
/// Filters are SQL conditions, which are inserted unchanged. Columns are named as in the data, and their names are normalized.
/// </remarks>
public abstract record MergeStrategy
{
    private protected MergeStrategy()
    {
    }

    /// <summary>Kind of the strategy.</summary>
    public abstract MergeStrategyKind Kind { get; }

    /// <summary>
    /// Deletes the rows that match a new row by primary key or merge key, then inserts the new rows, one per primary key.
    /// </summary>
    public sealed record DeleteInsert : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.DeleteInsert;

        /// <summary>True when each primary key occurs only once in the new rows, so deduplication is skipped.</summary>
        public bool IsDeduplicated { get; init; }

        /// <summary>Condition on the new root rows. Only matching rows and their nested rows are merged; null for all rows.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition that selects the rows of the table to delete, instead of the keys. May use <c>{table}</c> and <c>{staging_table}</c>.
        /// Null to select by the keys.
        /// </summary>
        public string? DestinationScope { get; init; }
    }

    /// <summary>Updates the rows whose primary key is in the new rows and inserts all other new rows.</summary>
    public sealed record Upsert : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Upsert;

        /// <summary>Condition on the new root rows. Only matching rows and their nested rows are merged; null for all rows.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>True to leave matched rows that equal the new row unchanged.</summary>
        public bool SkipUnchangedRows { get; init; }

        /// <summary>
        /// The only column that <see cref="SkipUnchangedRows"/> compares; null to compare all columns. Has no effect without that option.
        /// </summary>
        public string? RowVersionColumn { get; init; }
    }

    /// <summary>
    /// Like <see cref="Upsert"/>, for new rows that are the complete set: rows of the table that are not in it are deleted.
    /// </summary>
    public sealed record Cdc : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Cdc;

        /// <summary>Condition on the new root rows. Only matching rows and their nested rows are merged; null for all rows.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition on the rows of the table that may be deleted. May use <c>{table}</c> and <c>{staging_table}</c>. If null, the merge
        /// key limits the rows; without a merge key, all rows may be deleted.
        /// </summary>
        public string? DestinationScope { get; init; }

        /// <summary>True to leave matched rows that equal the new row unchanged.</summary>
        public bool SkipUnchangedRows { get; init; }

        /// <summary>
        /// The only column that <see cref="SkipUnchangedRows"/> compares; null to compare all columns. Has no effect without that option.
        /// </summary>
        public string? RowVersionColumn { get; init; }
    }

    /// <summary>Keeps all versions of a row: the validity of a changed row ends, and its new version is inserted.</summary>
    public sealed record Scd2 : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Scd2;

        /// <summary>Column for the start of a version's validity.</summary>
        public string ValidFromColumn { get; init; } = "_dlt_valid_from";

        /// <summary>Column for the end of a version's validity.</summary>
        public string ValidToColumn { get; init; } = "_dlt_valid_to";

        /// <summary>Value of <see cref="ValidToColumn"/> in currently valid versions; null for NULL.</summary>
        public DateTimeOffset? ActiveRecordTimestamp { get; init; }

        /// <summary>
        /// Time at which old versions end and new ones begin; null for the time of the load package. It is part of the schema, so changing
        /// it creates a new version of the schema.
        /// </summary>
        public DateTimeOffset? BoundaryTimestamp { get; init; }

        /// <summary>
        /// Column that distinguishes versions. The default <c>_dlt_id</c> becomes a hash of the row; any other column must be in the data.
        /// </summary>
        public string RowVersionColumn { get; init; } = "_dlt_id";

        /// <summary>Condition on the new root rows. Only matching rows and their nested rows are merged; null for all rows.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition on the rows of the table whose validity may end. May use <c>{table}</c> and <c>{staging_table}</c>. If null, the merge
        /// key limits the rows; without a merge key, the validity of all rows may end.
        /// </summary>
        public string? DestinationScope { get; init; }
    }

    /// <summary>Inserts the rows whose primary key is new. The rows of the table do not change.</summary>
    public sealed record InsertOnly : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.InsertOnly;
    }
}
