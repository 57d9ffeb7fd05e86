using System.Collections.Immutable;

namespace Dlt.Packages;

/// <summary>Stores the changes of a package in the package, so the run that loads it can report them. Only .NET writes the file.</summary>
internal static class PackageChanges
{
    private const string File = "changes.json";

    public static void Write(LoadPackage package, LoadChanges changes)
    {
        static JsonValue List<T>(ImmutableArray<T> items, Func<T, JsonValue> write) => JsonValue.Array([.. items.Select(write)]);
        static JsonValue Row(params object[] values) =>
            JsonValue.Array([.. values.Select(v => v is string text ? JsonValue.String(text) : JsonValue.Integer((long)v))]);
        var json = JsonValue.Object(
            ("new_tables", List(changes.NewTables, t => Row(t.Name, (long)t.Columns))),
            ("new_columns", List(changes.NewColumns, c => Row(c.Table, c.Name, c.Type))),
            ("variants", List(changes.Variants, v => Row(v.Table, v.Column, v.Rows))),
            ("columns_not_created", List(changes.ColumnsNotCreated, c => Row(c.Table, c.Column))),
            ("tables_not_created", List(changes.TablesNotCreated, JsonValue.String)),
            ("rejected", List(changes.Rejected, r => Row(r.Table, r.Reason, r.Rows))),
            ("discarded", List(changes.Discarded, d => Row(d.Table, d.Rows))),
            ("rounded", List(changes.Rounded, r => Row(r.Table, r.Column, (long)r.Scale, r.Rows))),
            ("skipped", List(changes.Skipped, r => Row(r.Resource, r.Reason, r.Rows))));
        package.Write(package.PathOf(File), JsonText.WriteUtf8(json));
    }

    /// <summary>Reads the changes; none for packages that Python dlt or an earlier version normalised.</summary>
    public static LoadChanges Read(LoadPackage package)
    {
        var path = package.PathOf(File);
        if (!System.IO.File.Exists(path)) return LoadChanges.None;
        var json = package.ReadJson(path);
        ImmutableArray<T> List<T>(string name, Func<JsonValue, T> read) =>
            json[name] is { Kind: JsonKind.Array } items ? [.. items.Items.Select(read)] : [];
        return new()
        {
            NewTables = List("new_tables", r => new NewTable(Text(r, 0), (int)Number(r, 1))),
            NewColumns = List("new_columns", r => new NewColumn(Text(r, 0), Text(r, 1), Text(r, 2))),
            Variants = List("variants", r => new VariantColumn(Text(r, 0), Text(r, 1), Number(r, 2))),
            ColumnsNotCreated = List("columns_not_created", r => new ColumnNotCreated(Text(r, 0), Text(r, 1))),
            TablesNotCreated = List("tables_not_created", r => r.AsString()),
            Rejected = List("rejected", r => new RejectedRows(Text(r, 0), Text(r, 1), Number(r, 2))),
            Discarded = List("discarded", r => new DiscardedRows(Text(r, 0), Number(r, 1))),
            Rounded = List("rounded", r => new RoundedColumn(Text(r, 0), Text(r, 1), (int)Number(r, 2), Number(r, 3))),
            Skipped = List("skipped", r => new SkippedRows(Text(r, 0), Text(r, 1), Number(r, 2))),
        };
    }

    private static string Text(JsonValue row, int at) => row.Items[at].AsString();

    private static long Number(JsonValue row, int at) => row.Items[at].AsInt64();
}
