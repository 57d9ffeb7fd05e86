namespace Dlt.Schemas;

/// <summary>Names of hints in stored schemas (docs/spec/pipeline.md 4.1, 9.1).</summary>
internal static class HintNames
{
    // Hints of tables
    public const string WriteDisposition = "write_disposition";
    public const string TableFormat = "table_format";
    public const string SchemaContract = "schema_contract";
    public const string MergeStrategy = "x-merge-strategy";
    public const string Deduplicated = "x-stage-data-deduplicated";
    public const string SourceFilter = "x-merge-source-filter";
    public const string DestinationScope = "x-merge-destination-scope";
    public const string SkipUnchangedRows = "x-merge-skip-unchanged-rows";
    public const string BoundaryTimestamp = "x-boundary-timestamp";

    // Hints of columns
    public const string PrimaryKey = "primary_key";
    public const string MergeKey = "merge_key";
    public const string HardDelete = "hard_delete";
    public const string DedupSort = "dedup_sort";
    public const string RowVersion = "x-row-version";
    public const string ValidFrom = "x-valid-from";
    public const string ValidTo = "x-valid-to";
    public const string ActiveRecordTimestamp = "x-active-record-timestamp";
}
