using System.Globalization;
using Dlt.Lake;

namespace Dlt.Cli.Loading;

/// <summary>Writes the load info as one JSON object on one line, for programs. Names are in snake_case, times in ISO form.</summary>
internal static class LoadInfoJson
{
    public static string Write(LoadInfo info) => JsonText.Write(Of(info));

    public static JsonValue Of(LoadInfo info) => JsonValue.Object(
        ("pipeline", JsonValue.String(info.PipelineName)),
        ("destination", JsonValue.String(info.DestinationName)),
        ("dataset", JsonValue.String(info.DatasetName)),
        ("location", JsonValue.String(info.Location)),
        ("folder", JsonValue.String(info.LocalFolder)),
        ("query", JsonValue.String(info.Query)),
        ("started_at", Time(info.StartedAt)),
        ("finished_at", Time(info.FinishedAt)),
        ("steps", JsonValue.Array([.. info.Steps.Select(Step)])),
        ("packages", JsonValue.Array([.. info.Packages.Select(Package)])),
        ("rows", Rows(info.RowCounts)),
        ("merged", Merged(info.Merged)),
        ("queries", Usage(info.Queries)),
        ("schema_changes", Changes(info.Changes)),
        ("rounded", Array(info.Changes.Rounded, r => JsonValue.Object(
            ("table", JsonValue.String(r.Table)), ("column", JsonValue.String(r.Column)), ("rows", JsonValue.Integer(r.Rows))))),
        ("discarded", Array(info.Changes.Discarded, d => JsonValue.Object(
            ("table", JsonValue.String(d.Table)), ("rows", JsonValue.Integer(d.Rows))))),
        ("rejects_query", JsonValue.String(info.RejectsQuery)),
        ("rejected_rows", JsonValue.Integer(info.RejectedRows)),
        ("rejected", Array(info.Changes.Rejected, r => JsonValue.Object(
            ("table", JsonValue.String(r.Table)), ("reason", JsonValue.String(r.Reason)), ("rows", JsonValue.Integer(r.Rows))))),
        ("skipped", Array(info.Changes.Skipped, r => JsonValue.Object(
            ("resource", JsonValue.String(r.Resource)), ("reason", JsonValue.String(r.Reason)), ("rows", JsonValue.Integer(r.Rows))))));

    private static JsonValue Usage(QueryUsage usage) => JsonValue.Object(
        ("count", JsonValue.Integer(usage.Queries)),
        ("bytes_scanned", JsonValue.Integer(usage.BytesScanned)),
        ("estimated_cost", usage.EstimatedCost is { } cost ? JsonValue.Real((double)cost) : JsonValue.Null));

    private static JsonValue Changes(LoadChanges changes) => JsonValue.Object(
        ("new_tables", Array(changes.NewTables, t => JsonValue.Object(
            ("table", JsonValue.String(t.Name)), ("columns", JsonValue.Integer(t.Columns))))),
        ("new_columns", Array(changes.NewColumns, c => JsonValue.Object(
            ("table", JsonValue.String(c.Table)), ("column", JsonValue.String(c.Name)), ("type", JsonValue.String(c.Type))))),
        ("variants", Array(changes.Variants, v => JsonValue.Object(
            ("table", JsonValue.String(v.Table)), ("column", JsonValue.String(v.Column)), ("rows", JsonValue.Integer(v.Rows))))),
        ("columns_not_created", Array(changes.ColumnsNotCreated, c => JsonValue.Object(
            ("table", JsonValue.String(c.Table)), ("column", JsonValue.String(c.Column))))),
        ("tables_not_created", Array(changes.TablesNotCreated, JsonValue.String)));

    private static JsonValue Array<T>(IEnumerable<T> items, Func<T, JsonValue> json) => JsonValue.Array([.. items.Select(json)]);

    private static JsonValue Step(StepInfo step) => JsonValue.Object(
        ("name", JsonValue.String(step.Name)), ("started_at", Time(step.StartedAt)), ("finished_at", Time(step.FinishedAt)));

    private static JsonValue Package(LoadPackageInfo package) => JsonValue.Object(
        ("load_id", JsonValue.String(package.LoadId)),
        ("schema", JsonValue.String(package.SchemaName)),
        ("schema_hash", JsonValue.String(package.SchemaHash)),
        ("rows", Rows(package.RowCounts)),
        ("files", JsonValue.Integer(package.Jobs)),
        ("started_at", Time(package.StartedAt)),
        ("finished_at", Time(package.FinishedAt)));

    private static JsonValue Rows(IReadOnlyDictionary<string, long> rows) =>
        JsonValue.Object(rows.Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value))));

    private static JsonValue Merged(IReadOnlyDictionary<string, MergedRows> merged) =>
        JsonValue.Object(merged.Select(m => KeyValuePair.Create(m.Key, JsonValue.Object(
            ("inserted", JsonValue.Integer(m.Value.Inserted)),
            ("updated", JsonValue.Integer(m.Value.Updated)),
            ("deleted", JsonValue.Integer(m.Value.Deleted)),
            ("unchanged", JsonValue.Integer(m.Value.Unchanged))))));

    private static JsonValue Time(DateTimeOffset time) => JsonValue.String(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
