using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Tests.Core.Schemas;

public class TableSchemaTests
{
    [Fact]
    public void Hints_of_a_resource_are_members_of_its_table()
    {
        var table = new ResourceHints
        {
            WriteDisposition = WriteDisposition.Merge,
            TableFormat = TableFormat.Iceberg,
            PrimaryKey = ["id", "line"],
            MergeKey = ["day"],
            HardDelete = "deleted",
            DedupSort = new("changed_at", IsDescending: true),
            SchemaContract = new() { Columns = ContractMode.Freeze },
        }.ToTable("orders", "orders");
        Assert.Equal(WriteDisposition.Merge, table.WriteDisposition);
        Assert.Equal(TableFormat.Iceberg, table.TableFormat);
        Assert.Equal(["id", "line"], table.PrimaryKey);
        Assert.Equal(["day"], table.MergeKey);
        Assert.Equal("deleted", table.HardDelete);
        Assert.Equal(new DedupSort("changed_at", true), table.DedupSort);
        Assert.Equal(new SchemaContract { Columns = ContractMode.Freeze }, table.SchemaContract);
        Assert.Null(table.MergeStrategy);
    }

    [Fact]
    public void A_stored_table_with_unknown_members_is_written_as_it_was_read()
    {
        const string stored =
            """{"columns":{"id":{"name":"id","x-mine":[1,2],"primary_key":true}}"""
            + ""","name":"orders","x-later":{"a":null},"write_disposition":"skip"}""";
        var table = TableSchema.FromJson(JsonValue.Parse(stored));
        Assert.Equal(stored, table.ToJson().ToString());
        Assert.Equal(WriteDisposition.Skip, table.WriteDisposition);
        Assert.Equal(stored.Replace("skip", "replace", StringComparison.Ordinal),
            table.With(WriteDisposition.Replace).ToJson().ToString());
    }

    [Theory]
    [InlineData("""{"name":"orders","write_disposition":"apend","columns":{}}""", "write_disposition \"apend\"")]
    [InlineData("""{"name":"orders","table_format":"icberg","columns":{}}""", "table_format \"icberg\"")]
    [InlineData("""{"name":"orders","x-merge-strategy":"upsrt","columns":{}}""", "merge strategy 'upsrt'")]
    public void A_stored_word_that_is_unknown_is_an_error_with_its_table(string stored, string what)
    {
        var table = TableSchema.FromJson(JsonValue.Parse(stored));
        var error = Assert.Throws<SchemaException>(() => (table.WriteDisposition, table.TableFormat, table.MergeStrategy));
        Assert.Equal("orders", error.Table);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nested_table_has_the_hints_of_the_tables_above()
    {
        var schema = new Schema("shop");
        schema.Set(new ResourceHints { WriteDisposition = WriteDisposition.Replace, TableFormat = TableFormat.Iceberg }
            .ToTable("orders", "orders"));
        schema.Set(new TableSchema("orders__lines", "orders"));
        schema.Set(new TableSchema("orders__lines__parts", "orders__lines"));
        var nested = schema.Table("orders__lines__parts");
        Assert.Null(nested.WriteDisposition);
        Assert.Equal(WriteDisposition.Replace, schema.WriteDispositionOf(nested));
        Assert.Equal(TableFormat.Iceberg, schema.TableFormatOf(nested));
    }
}
