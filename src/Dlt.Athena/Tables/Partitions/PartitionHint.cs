using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>One transform of the hint <c>x-athena-partition</c> (<see cref="PartitionHints"/>).</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Template">The transform as the hint has it, such as <c>day({column_name})</c>.</param>
/// <param name="Transform">The transform.</param>
internal sealed record PartitionHint(string Column, string Template, Transform Transform)
{
    /// <summary>Name of the partition field: that of the column, or with the suffix of the transform, such as <c>at_day</c>.</summary>
    public string NameOf(string column) => Transform == Transform.Identity ? column : column + Transform.Suffix;

    /// <summary>What the transform takes, in words (docs/spec/iceberg.md 4.2).</summary>
    public string Takes => Transform switch
    {
        BucketTransform => "bucket takes integers, decimals, texts, dates, timestamps and binary",
        TruncateTransform => "truncate takes integers, decimals, texts and binary",
        TimeTransform when Transform == Transform.Hour => "hour takes timestamps",
        TimeTransform => $"{Transform} takes dates and timestamps",
        _ => "a partition takes no nested values",
    };

    /// <summary>The error for a hint that cannot be followed.</summary>
    public SchemaException Wrong(TableSchema table, string why) => new(
        $"Table '{table.Name}' cannot be partitioned by '{Template.Trim()}' of column '{Column}': {why}. Nothing was loaded. Correct the "
        + "partitions of the resource (hint x-athena-partition).")
    { Table = table.Name, Column = Column };
}
