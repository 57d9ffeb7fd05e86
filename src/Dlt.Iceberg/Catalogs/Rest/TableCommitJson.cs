using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Writes commits as JSON of the REST protocol (docs/spec/iceberg.md 9.2).</summary>
internal static class TableCommitJson
{
    /// <summary>Writes a CommitTableRequest.</summary>
    /// <param name="identifier">Identifier of the table as JSON of the protocol.</param>
    /// <param name="commit">The updates and requirements.</param>
    public static JsonValue Write(JsonValue identifier, TableCommit commit) => JsonValue.Object(
        ("identifier", identifier),
        ("requirements", JsonValue.Array([.. commit.Requirements.Select(Write)])),
        ("updates", JsonValue.Array([.. commit.Updates.Select(Write)])));

    private static JsonValue Write(TableRequirement requirement) => requirement switch
    {
        TableRequirement.AssertTableUuid assert => Assert("assert-table-uuid", ("uuid", JsonValue.String(assert.Uuid))),
        TableRequirement.AssertRefSnapshotId assert => Assert(
            "assert-ref-snapshot-id",
            ("ref", JsonValue.String(assert.Ref)),
            ("snapshot-id", assert.SnapshotId is { } id ? JsonValue.Integer(id) : JsonValue.Null)),
        TableRequirement.AssertLastAssignedFieldId assert => Assert(
            "assert-last-assigned-field-id", ("last-assigned-field-id", JsonValue.Integer(assert.LastAssignedFieldId))),
        TableRequirement.AssertCurrentSchemaId assert => Assert(
            "assert-current-schema-id", ("current-schema-id", JsonValue.Integer(assert.CurrentSchemaId))),
        TableRequirement.AssertLastAssignedPartitionId assert => Assert(
            "assert-last-assigned-partition-id", ("last-assigned-partition-id", JsonValue.Integer(assert.LastAssignedPartitionId))),
        TableRequirement.AssertDefaultSpecId assert => Assert(
            "assert-default-spec-id", ("default-spec-id", JsonValue.Integer(assert.DefaultSpecId))),
        TableRequirement.AssertDefaultSortOrderId assert => Assert(
            "assert-default-sort-order-id", ("default-sort-order-id", JsonValue.Integer(assert.DefaultSortOrderId))),
        _ => throw new InvalidOperationException($"{requirement.GetType().Name} cannot be sent."),
    };

    private static JsonValue Write(TableUpdate update) => update switch
    {
        TableUpdate.AssignUuid assign => Action("assign-uuid", ("uuid", JsonValue.String(assign.Uuid))),
        TableUpdate.UpgradeFormatVersion upgrade => Action(
            "upgrade-format-version", ("format-version", JsonValue.Integer(upgrade.FormatVersion))),
        TableUpdate.AddSchema add => Action(
            "add-schema", ("schema", SchemaJson.Write(add.Schema)), ("last-column-id", JsonValue.Integer(add.LastColumnId))),
        TableUpdate.SetCurrentSchema set => Action("set-current-schema", ("schema-id", JsonValue.Integer(set.SchemaId))),
        TableUpdate.AddSpec add => Action("add-spec", ("spec", add.Spec.Write())),
        TableUpdate.SetDefaultSpec set => Action("set-default-spec", ("spec-id", JsonValue.Integer(set.SpecId))),
        TableUpdate.RemovePartitionSpecs remove => Action(
            "remove-partition-specs", ("spec-ids", Integers(remove.SpecIds.Select(id => (long)id)))),
        TableUpdate.AddSortOrder add => Action("add-sort-order", ("sort-order", add.SortOrder.Write())),
        TableUpdate.SetDefaultSortOrder set => Action(
            "set-default-sort-order", ("sort-order-id", JsonValue.Integer(set.SortOrderId))),
        TableUpdate.SetProperties set => Action("set-properties", ("updates", Texts(set.Updates))),
        TableUpdate.RemoveProperties remove => Action(
            "remove-properties", ("removals", JsonValue.Array([.. remove.Removals.Select(JsonValue.String)]))),
        TableUpdate.AddSnapshot add => Action("add-snapshot", ("snapshot", add.Snapshot.Json)),
        TableUpdate.SetSnapshotRef set => Action(
            "set-snapshot-ref",
            [("ref-name", JsonValue.String(set.RefName)), .. set.Reference.Write().Members.Select(m => (m.Key, m.Value))]),
        TableUpdate.RemoveSnapshotRef remove => Action("remove-snapshot-ref", ("ref-name", JsonValue.String(remove.RefName))),
        TableUpdate.RemoveSnapshots remove => Action("remove-snapshots", ("snapshot-ids", Integers(remove.SnapshotIds))),
        _ => throw new InvalidOperationException($"{update.GetType().Name} cannot be sent."),
    };

    private static JsonValue Integers(IEnumerable<long> values) => JsonValue.Array([.. values.Select(JsonValue.Integer)]);

    private static JsonValue Texts(ImmutableSortedDictionary<string, string> texts) =>
        JsonValue.Object(texts.Select(t => KeyValuePair.Create(t.Key, JsonValue.String(t.Value))));

    private static JsonValue Assert(string type, params (string, JsonValue)[] members) =>
        JsonValue.Object([("type", JsonValue.String(type)), .. members]);

    private static JsonValue Action(string action, params (string, JsonValue)[] members) =>
        JsonValue.Object([("action", JsonValue.String(action)), .. members]);
}
