namespace Dlt;

/// <summary>
/// How <see cref="WriteDisposition.Merge"/> combines new rows with those of the table, with the options of each way (dlt documentation,
/// Merge strategies). One of <see cref="DeleteInsert"/>, <see cref="Upsert"/>, <see cref="Cdc"/>, <see cref="Scd2"/> and
/// <see cref="InsertOnly"/>.
/// </summary>
/// <remarks>
/// Filters are SQL conditions, inserted as they stand. Names of columns are given as in the data; they are normalized like those.
/// </remarks>
public abstract record MergeStrategy
{
    private protected MergeStrategy()
    {
    }

    /// <summary>Which of the strategies this is.</summary>
    public abstract MergeStrategyKind Kind { get; }

    /// <summary>
    /// Deletes the rows that match a new row by primary key or merge key, then inserts the new rows, one per primary key.
    /// </summary>
    public sealed record DeleteInsert : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.DeleteInsert;

        /// <summary>True when the new rows have no two of one primary key, so that none has to be chosen.</summary>
        public bool IsDeduplicated { get; init; }

        /// <summary>Condition on the new root rows: only these and their nested rows take part; null for all.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition on the rows of the table that may be deleted, in place of the keys; may use <c>{table}</c> and
        /// <c>{staging_table}</c>. Null: the keys decide.
        /// </summary>
        public string? DestinationScope { get; init; }
    }

    /// <summary>Updates the rows whose primary key arrived and inserts the others.</summary>
    public sealed record Upsert : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Upsert;

        /// <summary>Condition on the new root rows: only these and their nested rows take part; null for all.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>True: matched rows that equal the new row are not updated.</summary>
        public bool SkipUnchangedRows { get; init; }

        /// <summary>
        /// Column by which alone <see cref="SkipUnchangedRows"/> compares rows; null to compare all columns. Without that option it has
        /// no effect.
        /// </summary>
        public string? RowVersionColumn { get; init; }
    }

    /// <summary>As <see cref="Upsert"/> for new rows that are the complete set: rows of the table that did not arrive are deleted.</summary>
    public sealed record Cdc : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Cdc;

        /// <summary>Condition on the new root rows: only these and their nested rows take part; null for all.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition on the rows of the table that may be deleted; may use <c>{table}</c> and <c>{staging_table}</c>. Null: the merge
        /// key limits them, or nothing.
        /// </summary>
        public string? DestinationScope { get; init; }

        /// <summary>True: matched rows that equal the new row are not updated.</summary>
        public bool SkipUnchangedRows { get; init; }

        /// <summary>
        /// Column by which alone <see cref="SkipUnchangedRows"/> compares rows; null to compare all columns. Without that option it has
        /// no effect.
        /// </summary>
        public string? RowVersionColumn { get; init; }
    }

    /// <summary>Keeps all versions of a row: a changed row gets an end of validity, and its new version is inserted.</summary>
    public sealed record Scd2 : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.Scd2;

        /// <summary>Column with the time from which a version holds.</summary>
        public string ValidFromColumn { get; init; } = "_dlt_valid_from";

        /// <summary>Column with the time until which a version holds.</summary>
        public string ValidToColumn { get; init; } = "_dlt_valid_to";

        /// <summary>Value of <see cref="ValidToColumn"/> in versions that hold now; null for NULL.</summary>
        public DateTimeOffset? ActiveRecordTimestamp { get; init; }

        /// <summary>
        /// Time at which old versions end and new ones begin; null for the time of the load package. It is part of the schema, so a new
        /// value is a new version of the schema.
        /// </summary>
        public DateTimeOffset? BoundaryTimestamp { get; init; }

        /// <summary>
        /// Column that tells versions apart. By default <c>_dlt_id</c>, which is then a hash of the row; any other column must come with
        /// the data.
        /// </summary>
        public string RowVersionColumn { get; init; } = "_dlt_id";

        /// <summary>Condition on the new root rows: only these and their nested rows take part; null for all.</summary>
        public string? SourceFilter { get; init; }

        /// <summary>
        /// Condition on the rows of the table whose validity may end; may use <c>{table}</c> and <c>{staging_table}</c>. Null: the merge
        /// key limits them, or nothing.
        /// </summary>
        public string? DestinationScope { get; init; }
    }

    /// <summary>Inserts the rows whose primary key is new and leaves the rows of the table as they are.</summary>
    public sealed record InsertOnly : MergeStrategy
    {
        /// <inheritdoc/>
        public override MergeStrategyKind Kind => MergeStrategyKind.InsertOnly;
    }
}
