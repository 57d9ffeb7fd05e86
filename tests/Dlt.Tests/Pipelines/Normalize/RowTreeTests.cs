using Dlt.Destinations;
using Dlt.Json;
using Dlt.Names;
using Dlt.Naming;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>How an item becomes rows, as the exact path makes them (docs/spec/pipeline.md 6.1 to 6.5).</summary>
public class RowTreeTests
{
    private readonly Schema _schema = new("shop", NamingConvention.Create("snake_case", 255));

    [Fact]
    public void Objects_become_columns_and_lists_become_tables_below_their_parent()
    {
        var rows = Rows("""{"Id": 1, "address": {"City": "Ghent"}, "lines": [{"sku": "x", "parts": [{"n": 7}]}, {"sku": "y"}]}""");

        Assert.Equal(["orders", "orders__lines", "orders__lines__parts", "orders__lines"], rows.Select(r => r.Table));
        Assert.Equal([null, "orders", "orders__lines", "orders"], rows.Select(r => r.ParentTable));
        Assert.Equal("1", Value(rows[0], "id"));
        Assert.Equal("\"Ghent\"", Value(rows[0], "address__city"));
        Assert.Equal(["\"x\"", "\"y\""], [Value(rows[1], "sku"), Value(rows[3], "sku")]);
        Assert.Equal("7", Value(rows[2], "n"));
    }

    [Fact]
    public void A_nested_row_names_its_parent_and_its_place_in_the_list()
    {
        var rows = Rows("""{"tags": ["a", "b"]}""");

        Assert.Equal("\"1700000000.5\"", Value(rows[0], "_dlt_load_id"));
        Assert.Equal(["\"a\"", "\"b\""], rows.Skip(1).Select(r => Value(r, "value")));
        Assert.Equal(["0", "1"], rows.Skip(1).Select(r => Value(r, "_dlt_list_idx")));
        Assert.All(rows.Skip(1), row => Assert.Equal(Value(rows[0], "_dlt_id"), Value(row, "_dlt_parent_id")));
        Assert.All(rows.Skip(1), row => Assert.Null(Value(row, "_dlt_load_id")));
        Assert.Equal(3, rows.Select(r => Value(r, "_dlt_id")).Distinct().Count());
    }

    [Fact]
    public void A_list_in_a_list_has_a_row_of_keys_as_its_parent()
    {
        var rows = Rows("""{"grid": [[1, 2]]}""");

        Assert.Equal(["orders", "orders__grid", "orders__grid__list", "orders__grid__list"], rows.Select(r => r.Table));
        Assert.Equal(["_dlt_parent_id", "_dlt_list_idx", "_dlt_id"], rows[1].Fields.Select(f => f.Key));
        Assert.All(rows.Skip(2), row => Assert.Equal(Value(rows[1], "_dlt_id"), Value(row, "_dlt_parent_id")));
    }

    [Fact]
    public void A_scalar_item_is_a_row_with_one_value() =>
        Assert.Equal("5", Value(Assert.Single(Rows("5")), "value"));

    [Theory]
    [InlineData("\"own\"", "\"own\"")]
    [InlineData("7", "7")]
    [InlineData("\"\"", "\"00000000000001\"")]
    [InlineData("null", "\"00000000000001\"")]
    [InlineData("0", "\"00000000000001\"")]
    public void A_row_keeps_the_id_of_the_data_unless_it_is_empty(string given, string kept)
    {
        var rows = Rows($$"""{"_dlt_id": {{given}}, "tags": ["a"]}""");

        Assert.Equal(kept, Value(rows[0], "_dlt_id"));
        Assert.Equal(kept, Value(rows[1], "_dlt_parent_id"));
    }

    [Fact]
    public void Ids_of_nested_rows_depend_only_on_parent_table_and_place()
    {
        var first = Rows("""{"_dlt_id": "a", "tags": ["x", "x"]}""");
        var second = Rows("""{"_dlt_id": "a", "tags": ["y", "y"]}""");
        var other = Rows("""{"_dlt_id": "b", "tags": ["x", "x"]}""");

        Assert.Equal(first.Select(r => Value(r, "_dlt_id")), second.Select(r => Value(r, "_dlt_id")));
        Assert.Empty(first.Select(r => Value(r, "_dlt_id")).Intersect(other.Select(r => Value(r, "_dlt_id"))));
    }

    [Fact]
    public void Without_nesting_every_object_and_list_stays_whole()
    {
        LimitNesting(0);
        var row = Assert.Single(Rows("""{"a": {"b": {"c": 1}}, "l": [{"m": [1]}]}"""));

        Assert.Equal("""{"b":{"c":1}}""", Value(row, "a"));
        Assert.Equal("""[{"m":[1]}]""", Value(row, "l"));
    }

    [Fact]
    public void One_level_of_nesting_makes_columns_and_tables_of_values_that_stay_whole()
    {
        LimitNesting(1);
        var rows = Rows("""{"a": {"b": {"c": 1}}, "l": [{"m": [1]}]}""");

        Assert.Equal(["orders", "orders__l"], rows.Select(r => r.Table));
        Assert.Equal("""{"c":1}""", Value(rows[0], "a__b"));
        Assert.Equal("[1]", Value(rows[1], "m"));
    }

    [Fact]
    public void A_column_declared_as_json_keeps_its_objects()
    {
        _schema.UpdateTable(new TableSchema("orders").WithColumn(new ColumnSchema("note", DataType.Json)));
        var row = Assert.Single(Rows("""{"note": {"a": [1]}}"""));

        Assert.Equal("""{"a":[1]}""", Value(row, "note"));
    }

    [Fact]
    public void A_row_that_is_not_wanted_takes_its_nested_rows_with_it()
    {
        var seen = new List<string>();
        Tree().Visit(Some.Item("""{"l": [{"m": [1, 2]}], "n": [3]}"""), "orders", row =>
        {
            seen.Add(row.Table);
            return row.Table != "orders__l";
        });

        Assert.Equal(["orders", "orders__l", "orders__n"], seen);
    }

    [Fact]
    public void A_propagated_column_reaches_every_level_and_the_rule_of_a_table_starts_there()
    {
        Configure(Some.Item("""
            {"propagation": {"root": {"id": "order_id"}, "tables": {"orders__lines": {"sku": "line_sku"}}}}
            """));
        var rows = Rows("""{"id": 9, "lines": [{"sku": "x", "parts": [1]}]}""");

        Assert.Equal(["9", "9"], rows.Skip(1).Select(r => Value(r, "order_id")));
        Assert.Equal([null, null, "\"x\""], rows.Select(r => Value(r, "line_sku")));
    }

    [Fact]
    public void Rows_to_upsert_have_an_id_of_their_key_and_an_item_without_the_key_is_refused()
    {
        var hints = new ResourceHints
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Upsert(),
            PrimaryKey = ["id"],
            TableFormat = TableFormat.Iceberg,
        };
        _schema.UpdateTable(_schema.NormalizeNames(hints.ToTable("orders", "orders")));
        string? Id(string item) => Value(Assert.Single(Rows(item)), "_dlt_id");

        Assert.Equal(Id("""{"id": 1, "state": "new"}"""), Id("""{"state": "paid", "id": 1}"""));
        Assert.NotEqual(Id("""{"id": 1}"""), Id("""{"id": 2}"""));
        var error = Assert.Throws<SchemaException>(() => Rows("""{"state": "new"}"""));
        Assert.Equal(("orders", "id"), (error.Table, error.Column));
        Assert.Contains("Nothing of the package was loaded", error.Message, StringComparison.Ordinal);
    }

    private void LimitNesting(int levels) => Configure(JsonValue.Object(("max_nesting", JsonValue.Integer(levels))));

    private void Configure(JsonValue config) =>
        _schema.Normalizers = _schema.Normalizers.With("json", _schema.Normalizers["json"]!.With("config", config));

    private RowTree Tree() =>
        new(_schema, AthenaCapabilities.Default, "1700000000.5", new CountingIds(), new FormerNames(_schema));

    private List<TreeRow> Rows(string item)
    {
        var rows = new List<TreeRow>();
        Tree().Visit(Some.Item(item), "orders", row =>
        {
            rows.Add(row);
            return true;
        });
        return rows;
    }

    /// <summary>Returns a field as JSON; null when the row does not have it.</summary>
    private static string? Value(TreeRow row, string name) =>
        row.Fields.Find(f => f.Key == name).Value is { } value ? JsonText.Write(value) : null;
}
