using System.Collections.Immutable;
using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>In every catalog a commit succeeds when all its requirements are met, and changes nothing otherwise.</summary>
public abstract partial class CatalogContract
{
    public static TheoryData<string> RequirementKinds =>
        ["uuid", "main", "new ref", "last field id", "schema", "last partition id", "spec", "sort order"];

    [Theory]
    [MemberData(nameof(RequirementKinds))]
    public async Task A_commit_is_made_when_its_requirement_is_met(string kind)
    {
        var table = await AppendAsync(await CreateAsync(), [1L, "a", null]);

        var result = await CommitAsync(table, Requirement(kind, table.Metadata, isMet: true));

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal("they", result.Table!.Metadata.Properties["owner"]);
        var now = await LoadAsync();
        Assert.Equal(now.MetadataLocation, result.Table.MetadataLocation);
        Assert.Equal("they", now.Metadata.Properties["owner"]);
    }

    [Theory]
    [MemberData(nameof(RequirementKinds))]
    public async Task A_commit_whose_requirement_is_not_met_changes_nothing(string kind)
    {
        var table = await AppendAsync(await CreateAsync(), [1L, "a", null]);

        var result = await CommitAsync(table, Requirement(kind, table.Metadata, isMet: false));

        Assert.Equal(CommitResult.Conflict, result);
        Assert.Equal(table.MetadataLocation, (await LoadAsync()).MetadataLocation);
    }

    private static Task<CommitResult> CommitAsync(Table table, TableRequirement requirement)
    {
        var owner = ImmutableSortedDictionary<string, string>.Empty.Add("owner", "they");
        return table.Catalog!.CommitTableAsync(table, new([new TableUpdate.SetProperties(owner)], [requirement]), Cancellation);
    }

    private static TableRequirement Requirement(string kind, TableMetadata table, bool isMet)
    {
        var by = isMet ? 0 : 1;
        return kind switch
        {
            "uuid" => new TableRequirement.AssertTableUuid(isMet ? table.TableUuid! : Guid.NewGuid().ToString("D")),
            "main" => new TableRequirement.AssertRefSnapshotId("main", isMet ? table.CurrentSnapshot!.SnapshotId : null),
            "new ref" => new TableRequirement.AssertRefSnapshotId("new", isMet ? null : table.CurrentSnapshot!.SnapshotId),
            "last field id" => new TableRequirement.AssertLastAssignedFieldId(table.LastColumnId - by),
            "schema" => new TableRequirement.AssertCurrentSchemaId(table.CurrentSchemaId + by),
            "last partition id" => new TableRequirement.AssertLastAssignedPartitionId(table.LastPartitionId - by),
            "spec" => new TableRequirement.AssertDefaultSpecId(table.DefaultSpecId + by),
            "sort order" => new TableRequirement.AssertDefaultSortOrderId(table.DefaultSortOrderId + by),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }
}
