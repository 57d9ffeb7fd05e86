using System.Collections.Immutable;
using System.ComponentModel;
using Dlt.Aws;

namespace Dlt.Internal;

/// <summary>What <see cref="AwsPolicy"/> allows.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AwsPolicyOptions
{
    /// <summary>The account with its locations.</summary>
    public required AwsAccountOptions Account { get; init; }

    /// <summary>Databases of the pipeline in Glue; empty for all.</summary>
    public ImmutableArray<string> Databases { get; init; } = [];

    /// <summary>
    /// Folders of the pipeline's files, such as <c>s3://lake/shop</c>, in which <c>*</c> stands for any text; empty for all below the
    /// bucket URL of the account.
    /// </summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>True to allow queries and no loads.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True to allow the tags of Lake Formation too.</summary>
    public bool HasLakeFormationTags { get; init; }

    /// <summary>True when statements of Athena make the tables or merge rows: Athena writes files with the rights of its caller.</summary>
    public bool WritesByStatements { get; init; }

    /// <summary>True when merges make helper tables, whose files the loader removes from the folder of query results.</summary>
    public bool MakesHelperTables { get; init; }

    /// <summary>True to allow loads into tables whose partitions Glue lists too.</summary>
    public bool HasListedPartitions { get; init; }
}
