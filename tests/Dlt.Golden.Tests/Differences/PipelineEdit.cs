using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Naming;

namespace Dlt.Golden.Differences;

/// <summary>What becomes of a field that dlt cannot write: the type of its variant column, and the value there.</summary>
internal sealed record MendedField(string Type, JsonValue Value);

/// <summary>Changes the expectation of a case of dlt/pipelines. Runs are counted from 0.</summary>
internal static class PipelineEdit
{
    /// <summary>Of an outcome: rows by table, without their ids, in any order.</summary>
    public const string OurValues = "+values";

    /// <summary>Of an outcome: types of columns by table and name.</summary>
    public const string OurColumns = "+columns";

    /// <summary>Of an outcome: how many rows all tables have together.</summary>
    public const string OurRows = "+rows";

    /// <summary>Of an outcome: names of tables that must be there.</summary>
    public const string OurTables = "+tables";

    private static readonly NamingConvention Naming = NamingConvention.Create("snake_case");

    public static string Identifier(string name) => Naming.NormalizeIdentifier(name);

    /// <summary>Changes the files of a run.</summary>
    public static GoldenCase MapRun(GoldenCase golden, int run, Func<JsonValue, JsonValue> change) => MapRuns(golden, (n, files) => n == run ? change(files) : files);

    public static GoldenCase MapRuns(GoldenCase golden, Func<int, JsonValue, JsonValue> change) =>
        golden.WithExpected(GoldenJson.MapMembers(golden.Expected, (name, files) => change(int.Parse(name["run".Length..]) - 1, files)));

    /// <summary>Changes the outcome of a run, <c>run.json</c>.</summary>
    public static JsonValue MapOutcome(JsonValue files, Func<JsonValue, JsonValue> change) => files.With("run.json", change(files["run.json"]!));

    /// <summary>Changes a table in all schemas and updates from a run on. The hash of such a schema is another one.</summary>
    public static GoldenCase MapTable(GoldenCase golden, int run, string table, Func<JsonValue, JsonValue> change)
    {
        JsonValue Schema(JsonValue schema) => schema["tables"]![table] is { } known && change(known) is var changed && JsonText.Write(changed) != JsonText.Write(known)
            ? schema.With("tables", schema["tables"]!.With(table, changed)).Without("version_hash").Without("version")
            : schema;
        JsonValue Update(JsonValue tables) => tables[table] is { } known ? tables.With(table, change(known)) : tables;
        return MapRuns(golden, (n, files) => n < run
            ? files
            : GoldenJson.MapMembers(files, (name, content) =>
            {
                if (name.StartsWith("schema.", StringComparison.Ordinal) && content.Kind == JsonKind.Object) return Schema(content);
                return name == "schema_updates.json" ? GoldenJson.MapMembers(content, (_, tables) => Update(tables)) : content;
            }));
    }

    /// <summary>Changes the rows of a table in the runs that have them, from a run on.</summary>
    public static GoldenCase MapRows(GoldenCase golden, int run, string table, Func<JsonValue, JsonValue?> change) => MapRuns(golden, (n, files) =>
        n < run || files["tables"]?[table] is not { } rows ? files : files.With("tables", files["tables"]!.With(table, JsonValue.Array([.. rows.Items.Select(change).OfType<JsonValue>()]))));

    /// <summary>Changes the columns of a table's files, <c>[name, Arrow type, nullability]</c>, from a run on; null leaves one out.</summary>
    public static GoldenCase MapFiles(GoldenCase golden, int run, string table, Func<JsonValue, JsonValue?> change) => MapRuns(golden, (n, files) =>
        n < run || files["files.json"]?[table] is not { } facts
            ? files
            : files.With("files.json", files["files.json"]!.With(table, JsonValue.Array([.. facts.Items.Select(f => f.With("columns", JsonValue.Array([.. f["columns"]!.Items.Select(change).OfType<JsonValue>()])))]))));

    /// <summary>The rows of a table over all runs.</summary>
    public static IEnumerable<JsonValue> Rows(GoldenCase golden, string table) => golden.Expected.Members.SelectMany(r => r.Value["tables"]?[table]?.Items ?? []);

    /// <summary>The column of a table in the first schema that has it.</summary>
    public static JsonValue? Column(GoldenCase golden, string table, string column) => golden.Expected.Members
        .SelectMany(r => r.Value.Members.Where(f => f.Key.StartsWith("schema.", StringComparison.Ordinal) && f.Value.Kind == JsonKind.Object))
        .Select(s => s.Value["tables"]![table]?["columns"]?[column]).FirstOrDefault(c => c is not null);

    /// <summary>Gives a column another type, in schemas and in files.</summary>
    public static GoldenCase Retype(GoldenCase golden, int run, string table, string column, string type, string arrowType)
    {
        golden = MapTable(golden, run, table, t => t["columns"]?[column] is { } known ? t.With("columns", t["columns"]!.With(column, known.With("data_type", JsonValue.String(type)))) : t);
        return MapFiles(golden, run, table, c => c.Items[0].AsString() == column ? JsonValue.Array([c.Items[0], JsonValue.String(arrowType), c.Items[2]]) : c);
    }

    /// <summary>A column that has a value in the first row of its table stands before the columns of dlt, in the order of that row.</summary>
    public static GoldenCase OfFirstRow(GoldenCase golden, int run, string table, string column, InputItem item)
    {
        if (PipelineCase.Items(golden).First(i => i.Run == run && Identifier(i.Table) == table).Index != item.Index) return golden;
        int At(IReadOnlyList<string> names) => Math.Min(item.Item.Members.Names.Select(Identifier).ToList().IndexOf(column), names.ToList().FindIndex(n => n.StartsWith("_dlt", StringComparison.Ordinal)));
        golden = MapTable(golden, run, table, t => t["columns"]?[column] is { } own && t["columns"]!.Without(column) is var others
            ? t.Without("columns").With("columns", JsonValue.Object(others.Members.ToList() is var list && At([.. others.Members.Names]) is var at ? [.. list.Take(at), KeyValuePair.Create(column, own), .. list.Skip(at)] : []))
            : t);
        return MapRuns(golden, (n, files) => n < run || files["files.json"]?[table] is not { } facts
            ? files
            : files.With("files.json", files["files.json"]!.With(table, JsonValue.Array([.. facts.Items.Select(f => f.With("columns", JsonValue.Array([.. Moved(f["columns"]!.Items)])))]))));

        IEnumerable<JsonValue> Moved(IReadOnlyList<JsonValue> columns)
        {
            var others = columns.Where(c => c.Items[0].AsString() != column).ToList();
            others.Insert(At([.. others.Select(c => c.Items[0].AsString())]), columns.First(c => c.Items[0].AsString() == column));
            return others;
        }
    }

    public static GoldenCase RemoveColumn(GoldenCase golden, int run, string table, string column)
    {
        golden = MapTable(golden, run, table, t => t["columns"] is { } columns ? t.With("columns", columns.Without(column)) : t);
        return MapFiles(golden, run, table, c => c.Items[0].AsString() == column ? null : c);
    }

    /// <summary>Adds a nullable column as the last one.</summary>
    public static GoldenCase AddColumn(GoldenCase golden, int run, string table, JsonValue column, string arrowType)
    {
        var name = column["name"]!.AsString();
        golden = MapTable(golden, run, table, t => t["columns"] is { } columns && columns[name] is null ? t.With("columns", columns.With(name, column)) : t);
        return MapRuns(golden, (n, files) => n < run || files["files.json"]?[table] is not { } facts
            ? files
            : files.With("files.json", files["files.json"]!.With(table, JsonValue.Array([.. facts.Items.Select(f => f.With("columns", JsonValue.Array(f["columns"]!.Items.Add(JsonValue.Array([JsonValue.String(name), JsonValue.String(arrowType), JsonValue.String("null")])))))]))));
    }

    /// <summary>A run that dlt cannot finish is finished here: its rows are those that went in, with some fields in variant columns.</summary>
    public static GoldenCase Mended(GoldenCase golden, IEnumerable<InputField> beyond, Func<InputField, MendedField> mend)
    {
        var fields = beyond.ToList();
        var first = fields.Min(f => f.Source.Run);
        return MapRuns(golden, (n, files) =>
        {
            if (n < first) return files;
            var own = fields.Where(f => f.Source.Run == n).ToList();
            var kept = JsonValue.Object(files.Members.Where(m => m.Key is "run.json" or "tables"));
            if (own.Count == 0) return kept;
            var tables = own.Select(f => f.Source.Table).Distinct().ToList();
            var values = tables.Select(t => KeyValuePair.Create(t, JsonValue.Array([.. PipelineCase.Items(golden).Where(i => i.Run == n && i.Table == t).Select(i => RowOf(i, own, mend))])));
            var columns = tables.Select(t => KeyValuePair.Create(t, JsonValue.Object(own.Where(f => f.Source.Table == t).Select(f => (Field: f, Mended: mend(f))).Select(m => KeyValuePair.Create(VariantOf(m.Field.Name, m.Mended.Type), JsonValue.String(m.Mended.Type))))));
            return kept.With("run.json", JsonValue.Object(("ok", JsonValue.Bool(true)), (OurValues, JsonValue.Object(values)), (OurColumns, JsonValue.Object(columns))));
        });
    }

    /// <summary>A value that dlt moved to a variant column stays in its column; the variant goes when nothing else is in it.</summary>
    public static GoldenCase OutOfVariant(GoldenCase golden, InputField field, string suffix, JsonValue moved, JsonValue value)
    {
        var (run, table, column) = (field.Source.Run, Identifier(field.Source.Table), Identifier(field.Name));
        var variant = $"{column}__v_{suffix}";
        golden = MapRows(golden, run, table, row => row[variant]?.Equals(moved) == true ? row.Without(variant).With(column, value) : row);
        return Rows(golden, table).Any(r => r[variant] is not null) ? golden : RemoveColumn(golden, run, table, variant);
    }

    private static string VariantOf(string field, string type) => $"{Identifier(field)}__v_{type}";

    private static JsonValue RowOf(InputItem item, List<InputField> beyond, Func<InputField, MendedField> mend) => JsonValue.Object(item.Item.Members.Select(m =>
        beyond.Find(f => f.Source.Index == item.Index && f.Name == m.Key) is { } field && mend(field) is var mended
            ? KeyValuePair.Create(VariantOf(m.Key, mended.Type), mended.Value)
            : KeyValuePair.Create(Identifier(m.Key), m.Value)));
}
