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
    public static GoldenCase MapRun(GoldenCase golden, int run, Func<JsonValue, JsonValue> change) =>
        MapRuns(golden, (n, files) => n == run ? change(files) : files);

    public static GoldenCase MapRuns(GoldenCase golden, Func<int, JsonValue, JsonValue> change) =>
        golden.WithExpected(GoldenJson.MapMembers(golden.Expected, (name, files) => change(int.Parse(name["run".Length..]) - 1, files)));

    /// <summary>Changes a table in all schemas and updates from a run on. The hash of such a schema is another one.</summary>
    public static GoldenCase MapTable(GoldenCase golden, int run, string table, Func<JsonValue, JsonValue> change)
    {
        return MapRuns(golden, (n, files) => n < run ? files : MapMember(Schemas(files), "schema_updates.json", Updates));

        JsonValue Schemas(JsonValue files) =>
            JsonValue.Object(files.Members.Select(f => IsSchema(f) ? KeyValuePair.Create(f.Key, Schema(f.Value)) : f));

        JsonValue Schema(JsonValue schema)
        {
            var changed = MapMember(schema, "tables", tables => MapMember(tables, table, change));
            // The order of columns counts.
            return JsonText.Write(changed) == JsonText.Write(schema) ? schema : changed.Without("version_hash").Without("version");
        }

        JsonValue Updates(JsonValue updates) => GoldenJson.MapMembers(updates, (_, tables) => MapMember(tables, table, change));
    }

    /// <summary>Changes a column in all schemas and updates from a run on.</summary>
    public static GoldenCase MapColumn(GoldenCase golden, int run, string table, string column, Func<JsonValue, JsonValue> change) =>
        MapTable(golden, run, table, t => MapMember(t, "columns", columns => MapMember(columns, column, change)));

    /// <summary>Changes the Arrow type of a column in a table's files, from a run on.</summary>
    public static GoldenCase MapFileType(GoldenCase golden, int run, string table, string column, Func<string, string> change) =>
        MapFiles(golden, run, table, columns => columns.Select(c => NameOf(c) == column
            ? JsonValue.Array([c.Items[0], JsonValue.String(change(c.Items[1].AsString())), c.Items[2]])
            : c));

    /// <summary>Changes the rows of a table in the runs that have them, from a run on; null leaves one out.</summary>
    public static GoldenCase MapRows(GoldenCase golden, int run, string table, Func<JsonValue, JsonValue?> change)
    {
        JsonValue Rows(JsonValue rows) => List(rows.Items.Select(change));
        return MapRuns(golden, (n, files) => n < run ? files : MapMember(files, "tables", tables => MapMember(tables, table, Rows)));
    }

    /// <summary>The rows of a table over all runs.</summary>
    public static IEnumerable<JsonValue> Rows(GoldenCase golden, string table) =>
        golden.Expected.Members.SelectMany(r => r.Value["tables"]?[table]?.Items ?? []);

    /// <summary>The column of a table in the first schema that has it.</summary>
    public static JsonValue? Column(GoldenCase golden, string table, string column) => golden.Expected.Members
        .SelectMany(r => r.Value.Members)
        .Where(IsSchema)
        .Select(s => s.Value["tables"]![table]?["columns"]?[column])
        .FirstOrDefault(c => c is not null);

    /// <summary>Gives a column another type, in schemas and in files.</summary>
    public static GoldenCase Retype(GoldenCase golden, int run, string table, string column, string type, string arrowType)
    {
        golden = MapColumn(golden, run, table, column, known => known.With("data_type", JsonValue.String(type)));
        return MapFileType(golden, run, table, column, _ => arrowType);
    }

    /// <summary>A column with a value in the first row of its table comes before the columns of dlt, in the order of that row.</summary>
    public static GoldenCase OfFirstRow(GoldenCase golden, int run, string table, string column, InputItem item)
    {
        if (PipelineCase.Items(golden).First(i => i.Run == run && Identifier(i.Table) == table).Index != item.Index) return golden;
        golden = MapTable(golden, run, table, t => MapMember(t, "columns", columns => columns[column] is null
            ? columns
            : JsonValue.Object(Moved([.. columns.Members], m => m.Key))));
        return MapFiles(golden, run, table, columns => Moved(columns, NameOf));

        IEnumerable<T> Moved<T>(IReadOnlyList<T> columns, Func<T, string> nameOf)
        {
            var others = columns.Where(c => nameOf(c) != column).ToList();
            var inRow = item.Item.Members.Names.Select(Identifier).ToList().IndexOf(column);
            var ofDlt = others.FindIndex(c => nameOf(c).StartsWith("_dlt", StringComparison.Ordinal));
            others.Insert(Math.Min(inRow, ofDlt), columns.First(c => nameOf(c) == column));
            return others;
        }
    }

    public static GoldenCase RemoveColumn(GoldenCase golden, int run, string table, string column)
    {
        golden = MapTable(golden, run, table, t => MapMember(t, "columns", columns => columns.Without(column)));
        return MapFiles(golden, run, table, columns => columns.Where(c => NameOf(c) != column));
    }

    /// <summary>Adds a nullable column as the last one.</summary>
    public static GoldenCase AddColumn(GoldenCase golden, int run, string table, JsonValue column, string arrowType)
    {
        var name = column["name"]!.AsString();
        var fact = JsonValue.Array([JsonValue.String(name), JsonValue.String(arrowType), JsonValue.String("null")]);
        golden = MapTable(golden, run, table, t => MapMember(t, "columns", columns => columns[name] is null
            ? columns.With(name, column)
            : columns));
        return MapFiles(golden, run, table, columns => columns.Any(c => NameOf(c) == name) ? columns : columns.Append(fact));
    }

    /// <summary>Changes a member where there is one.</summary>
    public static JsonValue MapMember(JsonValue json, string name, Func<JsonValue, JsonValue> change) =>
        json[name] is { } value ? json.With(name, change(value)) : json;

    /// <summary>Changes the columns of a table's files, <c>[name, Arrow type, nullability]</c>, from a run on.</summary>
    private static GoldenCase MapFiles(
        GoldenCase golden, int run, string table, Func<IReadOnlyList<JsonValue>, IEnumerable<JsonValue>> change)
    {
        JsonValue File(JsonValue file) => MapMember(file, "columns", columns => List(change(columns.Items)));
        JsonValue Files(JsonValue all) => List(all.Items.Select(File));
        return MapRuns(golden, (n, files) => n < run ? files : MapMember(files, "files.json", tables => MapMember(tables, table, Files)));
    }

    private static string NameOf(JsonValue column) => column.Items[0].AsString();

    private static JsonValue List(IEnumerable<JsonValue?> items) => JsonValue.Array([.. items.OfType<JsonValue>()]);

    private static bool IsSchema(KeyValuePair<string, JsonValue> file) =>
        file.Key.StartsWith("schema.", StringComparison.Ordinal) && file.Value.Kind == JsonKind.Object;

    /// <summary>
    /// A run that dlt cannot finish is finished here: its rows are those that went in, with some fields in variant columns.
    /// </summary>
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
            var values = tables.Select(
                t =>
                    KeyValuePair.Create(
                        t, JsonValue.Array(
                            [.. PipelineCase.Items(golden).Where(i => i.Run == n && i.Table == t).Select(i => RowOf(i, own, mend))])));
            var columns = tables.Select(
                t =>
                    KeyValuePair.Create(
                        t, JsonValue.Object(own.Where(f => f.Source.Table == t).Select(f => (Field: f, Mended: mend(f)))
                            .Select(m => KeyValuePair.Create(VariantOf(m.Field.Name, m.Mended.Type), JsonValue.String(m.Mended.Type))))));
            return kept.With(
                "run.json",
                    JsonValue.Object(
                        ("ok", JsonValue.Bool(true)), (OurValues, JsonValue.Object(values)), (OurColumns, JsonValue.Object(columns))));
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

    private static JsonValue RowOf(InputItem item, List<InputField> beyond, Func<InputField, MendedField> mend) =>
        JsonValue.Object(item.Item.Members.Select(m =>
        beyond.Find(f => f.Source.Index == item.Index && f.Name == m.Key) is { } field && mend(field) is var mended
            ? KeyValuePair.Create(VariantOf(m.Key, mended.Type), mended.Value)
            : KeyValuePair.Create(Identifier(m.Key), m.Value)));
}
