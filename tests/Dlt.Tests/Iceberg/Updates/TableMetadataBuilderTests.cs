using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Tests.Iceberg.Updates;

/// <summary>Each update of the REST specification, once in a legal and once in an illegal form.</summary>
public sealed class TableMetadataBuilderTests
{
    private static readonly DateTimeOffset Now = new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static PrimitiveType Long { get; } = new(PrimitiveKind.Long);

    /// <summary>Columns 1 id, 2 day; spec 0 by day; the sort order 1 by id.</summary>
    private static TableMetadata Table { get; } = NewTableMetadata.Of(
        new Schema([new(1, "id", Long), new(2, "day", new PrimitiveType(PrimitiveKind.Date))]),
        new PartitionSpec(0, [new(2, 1000, "day", Transform.Identity)]),
        new SortOrder(1, [new(1, Transform.Identity)]),
        "s3://lake/shop/orders",
        new Dictionary<string, string> { ["owner"] = "me" },
        Now);

    [Fact]
    public void A_uuid_is_assigned_once()
    {
        var uuid = Guid.NewGuid().ToString("D");
        Assert.Equal(uuid, Applied(Table with { TableUuid = null }, new TableUpdate.AssignUuid(uuid)).TableUuid);
        Refused("cannot be changed", new TableUpdate.AssignUuid(uuid));
    }

    [Fact]
    public void The_format_version_rises_and_never_falls()
    {
        var old = Table with { FormatVersion = 1 };
        Assert.Equal(2, Applied(old, new TableUpdate.UpgradeFormatVersion(2)).FormatVersion);
        Refused("cannot be lowered", new TableUpdate.UpgradeFormatVersion(1));
        Assert.Equal(3, Applied(Table, new TableUpdate.UpgradeFormatVersion(3)).FormatVersion);
        Assert.Equal(IcebergError.Unsupported, Error(Table, new TableUpdate.UpgradeFormatVersion(4)).Error);
    }

    [Theory, InlineData("""{"snapshot-id":5,"timestamp-ms":7,"sequence-number":900}""")]
    [InlineData("""{"snapshot-id":5,"timestamp-ms":7,"sequence-number":900,"first-row-id":6,"added-rows":2}""")]
    public void A_snapshot_of_version_3_has_row_ids_that_were_not_used(string json)
    {
        var used = Table with { FormatVersion = 3, NextRowId = 7 };
        var snapshot = JsonParser.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Contains("must be 7 or more", Error(used, new TableUpdate.AddSnapshot(new(snapshot))).Message, StringComparison.Ordinal);
        var later = snapshot.With("first-row-id", JsonValue.Integer(7)).With("added-rows", JsonValue.Integer(2));
        Assert.Equal(9, Applied(used, new TableUpdate.AddSnapshot(new(later))).NextRowId);
    }

    [Fact]
    public void A_snapshot_of_version_1_needs_a_manifest_list_for_version_2()
    {
        var inline = new Snapshot(JsonParser.Parse("""{"snapshot-id":5,"timestamp-ms":7,"manifests":["s3://a/m.avro"]}"""u8));
        var old = Table with { FormatVersion = 1, Snapshots = [inline] };
        var lists = ImmutableDictionary<long, string>.Empty.Add(5, "s3://a/list.avro");
        var snapshot = Applied(old, new TableUpdate.UpgradeFormatVersion(2) { ManifestLists = lists }).Find(5)!;
        Assert.Equal("s3://a/list.avro", snapshot.ManifestList);
        Assert.Equal("overwrite", snapshot.Operation);
        Assert.Contains("manifest list", Error(old, new TableUpdate.UpgradeFormatVersion(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_is_added_under_a_new_id_and_with_ids_that_were_never_given()
    {
        var wider = new Schema([.. Table.CurrentSchema.Fields, new(3, "note", Long)], 1);
        var metadata = Applied(Table, new TableUpdate.AddSchema(wider, 3));
        Assert.Equal([0, 1], metadata.Schemas.Select(s => s.SchemaId));
        Assert.Equal(3, metadata.LastColumnId);
        Assert.Equal(0, metadata.CurrentSchemaId);
        Refused("already has a schema 0", new TableUpdate.AddSchema(wider.WithId(0), 3));
        Refused("field ids up to 2", new TableUpdate.AddSchema(wider, 1));
        Refused("has no name", new TableUpdate.AddSchema(new Schema([new(3, "", Long)], 1), 3));
    }

    [Fact]
    public void The_current_schema_is_one_of_the_table_or_the_one_that_was_added_last()
    {
        var wider = new Schema([.. Table.CurrentSchema.Fields, new(3, "note", Long)], 7);
        TableUpdate[] updates = [new TableUpdate.AddSchema(wider, 3), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded)];
        Assert.Equal(7, Applied(Table, updates).CurrentSchemaId);
        Assert.Equal(0, Applied(Table, [.. updates, new TableUpdate.SetCurrentSchema(0)]).CurrentSchemaId);
        Refused("no schema 5", new TableUpdate.SetCurrentSchema(5));
        Refused("no schema was added", new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded));
    }

    [Fact]
    public void A_spec_gets_a_new_id_and_needs_existing_columns()
    {
        var bucket = new PartitionSpec(1, [new(1, 1001, "id_bucket", Transform.Bucket(4))]);
        var metadata = Applied(Table, new TableUpdate.AddSpec(bucket));
        Assert.Equal([0, 1], metadata.PartitionSpecs.Select(s => s.SpecId));
        Assert.Equal(1001, metadata.LastPartitionId);
        Refused("already has a partition spec 0", new TableUpdate.AddSpec(new PartitionSpec(0, bucket.Fields)));
        Assert.Equal(IcebergError.Illegal,
            Error(Table, new TableUpdate.AddSpec(new PartitionSpec(1, [new(9, 1001, "x", Transform.Identity)]))).Error);
    }

    [Fact]
    public void The_default_spec_is_one_of_the_table_and_is_not_removed()
    {
        TableUpdate[] updates = [new TableUpdate.AddSpec(new PartitionSpec(1, [])), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded)];
        Assert.Equal(1, Applied(Table, updates).DefaultSpecId);
        Refused("no partition spec 4", new TableUpdate.SetDefaultSpec(4));
        var removed = Applied(Table, [.. updates, new TableUpdate.RemovePartitionSpecs([0])]);
        Assert.Equal(1, Assert.Single(removed.PartitionSpecs).SpecId);
        Refused("is the default spec", new TableUpdate.RemovePartitionSpecs([0]));
    }

    [Fact]
    public void A_sort_order_is_added_under_a_new_id_and_becomes_the_default_one()
    {
        var order = new SortOrder(2, [new(2, Transform.Identity)]);
        var metadata = Applied(
            Table, new TableUpdate.AddSortOrder(order), new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded));
        Assert.Equal(2, metadata.DefaultSortOrderId);
        Assert.Equal(0, Applied(Table, new TableUpdate.SetDefaultSortOrder(0)).DefaultSortOrderId);
        Refused("already has a sort order 1", new TableUpdate.AddSortOrder(new SortOrder(1, order.Fields)));
        Refused("cannot be sorted by", new TableUpdate.AddSortOrder(new SortOrder(2, [new(9, Transform.Identity)])));
        Refused("no sort order 5", new TableUpdate.SetDefaultSortOrder(5));
    }

    [Fact]
    public void Properties_are_set_and_removed_but_not_those_that_the_format_reserves()
    {
        var metadata = Applied(Table, new TableUpdate.SetProperties(Texts(("a", "1"), ("owner", "you"))));
        Assert.Equal(["a=1", "owner=you"], metadata.Properties.Select(p => $"{p.Key}={p.Value}"));
        Assert.Empty(Applied(Table, new TableUpdate.RemoveProperties(["owner", "unknown"])).Properties);
        Refused("'uuid' cannot be a property", new TableUpdate.SetProperties(Texts(("uuid", "1"))));
    }

    [Fact]
    public void A_snapshot_is_added_with_a_higher_sequence_number_and_an_id_of_its_own()
    {
        var metadata = Applied(Table, new TableUpdate.AddSnapshot(Snapshot(11, 1)));
        Assert.Equal((1, 11), (metadata.LastSequenceNumber, metadata.Snapshots[0].SnapshotId));
        Assert.Null(metadata.CurrentSnapshot);
        Assert.Contains("already has a snapshot 11", Error(metadata, new TableUpdate.AddSnapshot(Snapshot(11, 2))).Message,
            StringComparison.Ordinal);
        Assert.Contains("sequence number 1", Error(metadata, new TableUpdate.AddSnapshot(Snapshot(12, 1))).Message,
            StringComparison.Ordinal);
        Assert.Equal(IcebergError.Unsupported,
            Error(Table with { FormatVersion = 1 }, new TableUpdate.AddSnapshot(Snapshot(11, 1))).Error);
    }

    [Fact]
    public void A_branch_or_tag_names_a_snapshot_of_the_table()
    {
        var metadata = Applied(Table, new TableUpdate.AddSnapshot(Snapshot(11, 1)), MainAt(11));
        Assert.Equal(11, metadata.CurrentSnapshot!.SnapshotId);
        Assert.Equal((metadata.Snapshots[0].TimestampMs, 11), Assert.Single(metadata.SnapshotLog));
        Refused("cannot be moved to snapshot 12", MainAt(12));
        var tag = new TableUpdate.SetSnapshotRef("main", new SnapshotRef(11, IsBranch: false));
        Assert.Contains("must be a branch", Error(metadata, tag).Message, StringComparison.Ordinal);
        var tagged = Applied(metadata, new TableUpdate.SetSnapshotRef("v1", new SnapshotRef(11, IsBranch: false)));
        Assert.Equal(["main"], Applied(tagged, new TableUpdate.RemoveSnapshotRef("v1")).Refs.Keys);
        Assert.Contains("no branch or tag 'v2'", Error(tagged, new TableUpdate.RemoveSnapshotRef("v2")).Message, StringComparison.Ordinal);
        Assert.Contains("'main' cannot", Error(tagged, new TableUpdate.RemoveSnapshotRef("main")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_are_removed_unless_a_branch_or_tag_names_them_and_the_log_begins_after_them()
    {
        var metadata = Applied(Table,
            new TableUpdate.AddSnapshot(Snapshot(11, 1)), MainAt(11),
            new TableUpdate.AddSnapshot(Snapshot(12, 2)), MainAt(12),
            new TableUpdate.AddSnapshot(Snapshot(13, 3)), MainAt(13));
        var removed = Applied(metadata, new TableUpdate.RemoveSnapshots([12]));
        Assert.Equal([11, 13], removed.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal([13], removed.SnapshotLog.Select(e => e.SnapshotId));
        var error = Error(metadata, new TableUpdate.RemoveSnapshots([13]));
        Assert.Contains("is the snapshot of 'main'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_metadata_names_the_file_before_it_and_forgets_the_oldest_ones()
    {
        var metadata = Table with
        {
            Properties = Table.Properties.SetItem("write.metadata.previous-versions-max", "2"),
            MetadataLog = [(1, "one"), (2, "two")],
        };
        var later = new TableMetadataBuilder(metadata, Now.AddHours(1)).Complete("three");
        Assert.Equal(["two", "three"], later.MetadataLog.Select(e => e.MetadataFile));
        Assert.Equal(Now.AddHours(1).ToUnixTimeMilliseconds(), later.LastUpdatedMs);
        Assert.Equal(Table.LastUpdatedMs, new TableMetadataBuilder(metadata, Now.AddHours(-1)).Complete("three").LastUpdatedMs);
    }

    private static TableMetadata Applied(TableMetadata metadata, params TableUpdate[] updates) =>
        new TableMetadataBuilder(metadata, Now).Apply(updates).Metadata;

    private static IcebergException Error(TableMetadata metadata, TableUpdate update)
    {
        var builder = new TableMetadataBuilder(metadata, Now);
        var error = Assert.Throws<IcebergException>(() => builder.Apply([update]));
        Assert.Same(metadata, builder.Metadata);
        Assert.Empty(builder.Updates);
        return error;
    }

    private static void Refused(string rule, TableUpdate update)
    {
        var error = Error(Table, update);
        Assert.Equal(IcebergError.Illegal, error.Error);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    private static TableUpdate MainAt(long id) => new TableUpdate.SetSnapshotRef("main", new SnapshotRef(id, IsBranch: true));

    private static Snapshot Snapshot(long id, long sequenceNumber) => new(JsonValue.Object(
        ("snapshot-id", JsonValue.Integer(id)),
        ("sequence-number", JsonValue.Integer(sequenceNumber)),
        ("timestamp-ms", JsonValue.Integer(1_800_000_000_000 + id)),
        ("manifest-list", JsonValue.String($"s3://lake/{id}.avro")),
        ("summary", JsonValue.Object(("operation", JsonValue.String("append"))))));

    private static ImmutableSortedDictionary<string, string> Texts(params (string Key, string Value)[] texts) =>
        texts.ToImmutableSortedDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
}
