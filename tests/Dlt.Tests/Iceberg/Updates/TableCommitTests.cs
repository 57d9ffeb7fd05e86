using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Tests.Iceberg.Updates;

/// <summary>Requirements of a commit, and the form in which it is sent.</summary>
public sealed class TableCommitTests
{
    private const string Uuid = "5b0c0000-0000-0000-0000-000000000000";

    private static SnapshotRef Branch { get; } = new(5, IsBranch: true);

    /// <summary>Schema 0, spec 0, order 0; main is at snapshot 5, the tag v1 too.</summary>
    private static TableMetadata Table { get; } = NewTableMetadata.Of(
        new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long))]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/t",
        new Dictionary<string, string>(), DateTimeOffset.UnixEpoch) with
    {
        TableUuid = Uuid,
        Snapshots = [new(JsonParser.Parse("""{"snapshot-id":5,"timestamp-ms":7,"manifest-list":"s3://lake/l.avro"}"""u8))],
        Refs = ImmutableSortedDictionary<string, SnapshotRef>.Empty.Add("main", Branch).Add("v1", new(5, IsBranch: false)),
    };

    [Fact]
    public void Each_update_requires_that_its_subject_is_unchanged()
    {
        Assert.Equal(["assert-table-uuid"], Required(new TableUpdate.RemoveProperties(["a"])));
        Assert.Equal(["assert-table-uuid", "assert-last-assigned-field-id 1", "assert-current-schema-id 0"],
            Required(new TableUpdate.AddSchema(Table.CurrentSchema.WithId(1), 1), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded)));
        Assert.Equal(["assert-table-uuid", "assert-last-assigned-partition-id 999", "assert-default-spec-id 0"],
            Required(new TableUpdate.AddSpec(new(1, [])), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded)));
        Assert.Equal(["assert-table-uuid", "assert-default-sort-order-id 0"], Required(new TableUpdate.SetDefaultSortOrder(0)));
        Assert.Equal(["assert-table-uuid", "assert-ref-snapshot-id main 5"], Required(new TableUpdate.SetSnapshotRef("main", Branch)));
        Assert.Equal(["assert-table-uuid", "assert-ref-snapshot-id new null"], Required(new TableUpdate.SetSnapshotRef("new", Branch)));
        Assert.Equal(["assert-table-uuid", "assert-ref-snapshot-id v1 5"], Required(new TableUpdate.RemoveSnapshotRef("v1")));
    }

    [Fact]
    public void Specs_go_only_while_no_branch_has_moved()
    {
        Assert.Equal(["assert-table-uuid", "assert-default-spec-id 0", "assert-ref-snapshot-id main 5"],
            Required(new TableUpdate.RemovePartitionSpecs([1])));
    }

    [Fact]
    public void A_requirement_of_several_updates_is_sent_once()
    {
        Assert.Equal(["assert-table-uuid", "assert-ref-snapshot-id v1 5"],
            Required(new TableUpdate.RemoveSnapshotRef("v1"), new TableUpdate.SetSnapshotRef("v1", Branch)));
    }

    [Fact]
    public void Of_several_changes_of_a_branch_or_tag_the_last_one_counts()
    {
        TableUpdate last = new TableUpdate.SetSnapshotRef("main", Branch with { MinSnapshotsToKeep = 2 });
        TableUpdate other = new TableUpdate.RemoveProperties(["a"]);
        var commit = TableCommit.Of(Table,
        [
            new TableUpdate.SetSnapshotRef("main", Branch), other, last,
            new TableUpdate.SetSnapshotRef("new", Branch), new TableUpdate.RemoveSnapshotRef("new"),
        ]);
        Assert.Equal([other, last], commit.Updates);
    }

    [Theory]
    [MemberData(nameof(Wire))]
    public void An_update_is_sent_as_the_specification_writes_it(string json)
    {
        var update = Updates.Single(u => json.StartsWith($$"""{"action":"{{ActionOf(u)}}",""", StringComparison.Ordinal));
        Assert.Equal(json, JsonText.Write(Sent(update)["updates"]!.Items[0]));
    }

    public static TheoryData<string> Wire =>
    [
        $$"""{"action":"assign-uuid","uuid":"{{Uuid}}"}""",
        """{"action":"upgrade-format-version","format-version":2}""",
        """{"action":"add-schema","schema":{"type":"struct","schema-id":1,"fields":"""
            + """[{"id":1,"name":"id","required":false,"type":"long"}]},"last-column-id":1}""",
        """{"action":"set-current-schema","schema-id":-1}""",
        """{"action":"add-spec","spec":{"spec-id":1,"fields":[]}}""",
        """{"action":"set-default-spec","spec-id":-1}""",
        """{"action":"remove-partition-specs","spec-ids":[1,2]}""",
        """{"action":"add-sort-order","sort-order":{"order-id":0,"fields":[]}}""",
        """{"action":"set-default-sort-order","sort-order-id":0}""",
        """{"action":"set-properties","updates":{"a":"1","b":"2"}}""",
        """{"action":"remove-properties","removals":["a"]}""",
        """{"action":"add-snapshot","snapshot":{"snapshot-id":5,"timestamp-ms":7,"manifest-list":"s3://lake/l.avro"}}""",
        """{"action":"set-snapshot-ref","ref-name":"main","snapshot-id":5,"type":"branch","max-ref-age-ms":9}""",
        """{"action":"remove-snapshot-ref","ref-name":"v1"}""",
        """{"action":"remove-snapshots","snapshot-ids":[5]}""",
    ];

    private static TableUpdate[] Updates =>
    [
        new TableUpdate.AssignUuid(Uuid), new TableUpdate.UpgradeFormatVersion(2),
        new TableUpdate.AddSchema(Table.CurrentSchema.WithId(1), 1), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
        new TableUpdate.AddSpec(new(1, [])), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded),
        new TableUpdate.RemovePartitionSpecs([1, 2]),
        new TableUpdate.AddSortOrder(SortOrder.Unsorted), new TableUpdate.SetDefaultSortOrder(0),
        new TableUpdate.SetProperties(ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", "2")),
        new TableUpdate.RemoveProperties(["a"]),
        new TableUpdate.AddSnapshot(Table.Snapshots[0]),
        new TableUpdate.SetSnapshotRef("main", Branch with { MaxRefAgeMs = 9 }),
        new TableUpdate.RemoveSnapshotRef("v1"), new TableUpdate.RemoveSnapshots([5]),
    ];

    private static string ActionOf(TableUpdate update) => Sent(update)["updates"]!.Items[0]["action"]!.AsString();

    private static JsonValue Sent(TableUpdate update) => TableCommitJson.Write(JsonValue.EmptyObject, new TableCommit([update], []));

    /// <summary>Type and values of the requirements; the uuid's value is left out.</summary>
    private static IEnumerable<string> Required(params TableUpdate[] updates)
    {
        var commit = TableCommit.Of(Table, updates);
        Assert.True(commit.IsAllowedBy(Table));
        foreach (var requirement in TableCommitJson.Write(JsonValue.EmptyObject, commit)["requirements"]!.Items)
        {
            var values = requirement.Members.Skip(1).Where(m => m.Key != "uuid")
                .Select(m => m.Value.Kind == JsonKind.String ? m.Value.AsString() : JsonText.Write(m.Value));
            yield return string.Join(' ', values.Prepend(requirement["type"]!.AsString()));
        }
    }
}
