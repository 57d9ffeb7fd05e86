using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>
/// The difference of two metadata in the words of the REST protocol: what is to change, and what must still be so (spec/iceberg.md 9.2).
/// </summary>
internal static class MetadataUpdates
{
    private const int LastAdded = -1;

    /// <summary>
    /// Updates that make <paramref name="after"/> of <paramref name="before"/>, and the requirements that keep commits in between from
    /// being lost.
    /// </summary>
    public static (JsonValue Requirements, JsonValue Updates) Between(TableMetadata before, TableMetadata after)
    {
        var changes = new Changes();
        if (before.TableUuid is { } uuid) changes.Require("assert-table-uuid", ("uuid", JsonValue.String(uuid)));
        else if (after.TableUuid is { } given) changes.Update("assign-uuid", ("uuid", JsonValue.String(given)));
        if (after.FormatVersion != before.FormatVersion)
            changes.Update("upgrade-format-version", ("format-version", JsonValue.Integer(after.FormatVersion)));
        Schemas(before, after, changes);
        Specs(before, after, changes);
        SortOrders(before, after, changes);
        if (after.Location != before.Location) changes.Update("set-location", ("location", JsonValue.String(after.Location)));
        Properties(before, after, changes);
        Snapshots(before, after, changes);
        return (changes.Requirements, changes.Updates);
    }

    private static void Schemas(TableMetadata before, TableMetadata after, Changes changes)
    {
        List<Schema> added = [.. after.Schemas.Where(s => before.SchemaOf(s.SchemaId) is null)];
        if (added.Count > 0)
            changes.Require("assert-last-assigned-field-id", ("last-assigned-field-id", JsonValue.Integer(before.LastColumnId)));
        foreach (var schema in added)
            changes.Update("add-schema", ("schema", SchemaJson.Write(schema)), ("last-column-id", JsonValue.Integer(after.LastColumnId)));
        if (after.CurrentSchemaId == before.CurrentSchemaId) return;
        changes.Require("assert-current-schema-id", ("current-schema-id", JsonValue.Integer(before.CurrentSchemaId)));
        changes.Update("set-current-schema",
            ("schema-id", JsonValue.Integer(
                added is [.., var last] && last.SchemaId == after.CurrentSchemaId ? LastAdded : after.CurrentSchemaId)));
    }

    private static void Specs(TableMetadata before, TableMetadata after, Changes changes)
    {
        List<PartitionSpec> added = [.. after.PartitionSpecs.Where(s => before.SpecOf(s.SpecId) is null)];
        if (added.Count > 0)
            changes.Require("assert-last-assigned-partition-id", ("last-assigned-partition-id", JsonValue.Integer(before.LastPartitionId)));
        foreach (var spec in added) changes.Update("add-spec", ("spec", spec.Write()));
        if (after.DefaultSpecId != before.DefaultSpecId)
        {
            changes.Require("assert-default-spec-id", ("default-spec-id", JsonValue.Integer(before.DefaultSpecId)));
            var isAdded = added is [.., var last] && last.SpecId == after.DefaultSpecId;
            changes.Update("set-default-spec", ("spec-id", JsonValue.Integer(isAdded ? LastAdded : after.DefaultSpecId)));
        }

        RemovedSpecs(before, after, changes);
    }

    /// <summary>
    /// Specs may go only while no commit in between can have used them: neither the default spec nor a branch may have moved.
    /// </summary>
    private static void RemovedSpecs(TableMetadata before, TableMetadata after, Changes changes)
    {
        ImmutableArray<JsonValue> removed = [.. before.PartitionSpecs.Where(s => after.SpecOf(s.SpecId) is null)
            .Select(s => JsonValue.Integer(s.SpecId))];
        if (removed.IsEmpty) return;
        if (after.DefaultSpecId == before.DefaultSpecId)
            changes.Require("assert-default-spec-id", ("default-spec-id", JsonValue.Integer(before.DefaultSpecId)));
        foreach (var (name, reference) in before.Refs.Where(r => r.Value.IsBranch && after.Refs.GetValueOrDefault(r.Key) == r.Value))
            RequireRef(name, reference, changes);
        changes.Update("remove-partition-specs", ("spec-ids", JsonValue.Array(removed)));
    }

    private static void SortOrders(TableMetadata before, TableMetadata after, Changes changes)
    {
        List<SortOrder> added = [.. after.SortOrders.Where(o => before.SortOrders.All(b => b.OrderId != o.OrderId))];
        foreach (var order in added) changes.Update("add-sort-order", ("sort-order", order.Write()));
        if (after.DefaultSortOrderId == before.DefaultSortOrderId) return;
        changes.Require("assert-default-sort-order-id", ("default-sort-order-id", JsonValue.Integer(before.DefaultSortOrderId)));
        changes.Update("set-default-sort-order",
            ("sort-order-id", JsonValue.Integer(
                added is [.., var last] && last.OrderId == after.DefaultSortOrderId ? LastAdded : after.DefaultSortOrderId)));
    }

    private static void Properties(TableMetadata before, TableMetadata after, Changes changes)
    {
        List<KeyValuePair<string, string>> set = [.. after.Properties.Where(p => before.Properties.GetValueOrDefault(p.Key) != p.Value)];
        List<string> removed = [.. before.Properties.Keys.Where(k => !after.Properties.ContainsKey(k))];
        if (set.Count > 0)
            changes.Update(
                "set-properties", ("updates", JsonValue.Object(set.Select(p => KeyValuePair.Create(p.Key, JsonValue.String(p.Value))))));
        if (removed.Count > 0) changes.Update("remove-properties", ("removals", JsonValue.Array([.. removed.Select(JsonValue.String)])));
    }

    private static void Snapshots(TableMetadata before, TableMetadata after, Changes changes)
    {
        foreach (var snapshot in after.Snapshots.Where(s => before.Find(s.SnapshotId) is null))
            changes.Update("add-snapshot", ("snapshot", snapshot.Json));
        foreach (var (name, reference) in after.Refs)
        {
            var was = before.Refs.GetValueOrDefault(name);
            if (reference == was) continue;
            RequireRef(name, was, changes);
            changes.Update(
                "set-snapshot-ref", [("ref-name", JsonValue.String(name)), .. reference.Write().Members.Select(m => (m.Key, m.Value))]);
        }

        foreach (var (name, reference) in before.Refs.Where(r => !after.Refs.ContainsKey(r.Key)))
        {
            RequireRef(name, reference, changes);
            changes.Update("remove-snapshot-ref", ("ref-name", JsonValue.String(name)));
        }

        ImmutableArray<JsonValue> removed = [.. before.Snapshots.Where(s => after.Find(s.SnapshotId) is null)
            .Select(s => JsonValue.Integer(s.SnapshotId))];
        if (removed.Length > 0) changes.Update("remove-snapshots", ("snapshot-ids", JsonValue.Array(removed)));
    }

    private static void RequireRef(string name, SnapshotRef? was, Changes changes) =>
        changes.Require("assert-ref-snapshot-id", ("ref", JsonValue.String(name)),
            ("snapshot-id", was is null ? JsonValue.Null : JsonValue.Integer(was.SnapshotId)));

    private sealed class Changes
    {
        private readonly List<JsonValue> _requirements = [];
        private readonly List<JsonValue> _updates = [];

        public JsonValue Requirements => JsonValue.Array([.. _requirements]);

        public JsonValue Updates => JsonValue.Array([.. _updates]);

        public void Require(string type, params (string, JsonValue)[] members) =>
            _requirements.Add(JsonValue.Object([("type", JsonValue.String(type)), .. members]));

        public void Update(string action, params (string, JsonValue)[] members) =>
            _updates.Add(JsonValue.Object([("action", JsonValue.String(action)), .. members]));
    }
}
