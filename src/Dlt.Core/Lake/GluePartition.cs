using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dlt.Lake;

/// <summary>A partition of a table in the catalog: the values of its keys, with the location and columns of its files.</summary>
public sealed record GluePartition
{
    /// <summary>
    /// Values of the partition keys, in the order of the keys, as texts. A row without a value is in <c>__HIVE_DEFAULT_PARTITION__</c>.
    /// </summary>
    public required ImmutableArray<string> Values { get; init; }

    /// <summary>Columns, location and format of the files. Athena reads the columns of the partition, not those of the table.</summary>
    public GlueStorageDescriptor? StorageDescriptor { get; init; }

    /// <summary>Properties of the partition.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }

    /// <summary>
    /// The partition as the catalog returned it; null for a new one. Unknown members are sent back unchanged.
    /// </summary>
    [JsonIgnore]
    internal JsonValue? Read { get; init; }
}

/// <summary>A partition that a call for several partitions could not process.</summary>
/// <param name="Values">Values of the partition keys.</param>
/// <param name="ErrorCode">Error code of the AWS API, such as <c>AlreadyExistsException</c>.</param>
/// <param name="Message">Message of the catalog.</param>
public sealed record GluePartitionError(ImmutableArray<string> Values, string ErrorCode, string Message)
{
    /// <summary>True when the partition already exists.</summary>
    public bool IsAlreadyExists => ErrorCode == "AlreadyExistsException";

    /// <summary>True when the partition does not exist.</summary>
    public bool IsNotFound => ErrorCode == "EntityNotFoundException";
}
