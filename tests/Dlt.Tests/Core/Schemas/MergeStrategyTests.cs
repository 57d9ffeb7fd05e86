using Dlt.Destinations;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Tests.Core.Schemas;

public class MergeStrategyTests
{
    public static TheoryData<string, MergeStrategy> Strategies => new()
    {
        { "delete-insert", new MergeStrategy.DeleteInsert() },
        {
            "delete-insert with options", new MergeStrategy.DeleteInsert
            {
                IsDeduplicated = true,
                SourceFilter = "amount > 0",
                DestinationScope = "day = current_date",
            }
        },
        { "upsert", new MergeStrategy.Upsert() },
        {
            "upsert with options",
            new MergeStrategy.Upsert { SourceFilter = "amount > 0", SkipUnchangedRows = true, RowVersionColumn = "version" }
        },
        { "cdc", new MergeStrategy.Cdc() },
        {
            "cdc with options", new MergeStrategy.Cdc
            {
                SourceFilter = "amount > 0",
                DestinationScope = "region = 'eu'",
                SkipUnchangedRows = true,
                RowVersionColumn = "version",
            }
        },
        { "scd2", new MergeStrategy.Scd2() },
        {
            "scd2 with options", new MergeStrategy.Scd2
            {
                ValidFromColumn = "begins",
                ValidToColumn = "ends",
                ActiveRecordTimestamp = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero),
                BoundaryTimestamp = new(2024, 1, 31, 12, 30, 0, TimeSpan.FromHours(2)),
                RowVersionColumn = "version",
                SourceFilter = "amount > 0",
                DestinationScope = "region = 'eu'",
            }
        },
        { "insert-only", new MergeStrategy.InsertOnly() },
    };

    [Theory, MemberData(nameof(Strategies))]
    public void A_declared_strategy_is_read_back_from_the_stored_schema(string name, MergeStrategy strategy)
    {
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Merge, MergeStrategy = strategy };
        var schema = new Schema("shop");
        schema.UpdateTable(schema.NormalizeNames(hints.ToTable("orders", "orders")));
        var read = SchemaJson.FromJson(SchemaJson.ToJson(schema)).Table("orders");
        Assert.Equal(strategy, read.MergeStrategy);
        Assert.Equal(name.Split(' ')[0], read.Text("x-merge-strategy"));
        Assert.Equal(WriteDisposition.Merge, read.WriteDisposition);
    }

    [Fact]
    public void Scd2_declares_its_columns_as_dlt_does()
    {
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Merge, MergeStrategy = new MergeStrategy.Scd2() };
        const string declared = """
            {"name":"orders","write_disposition":"merge","x-merge-strategy":"scd2","resource":"orders","columns":{
              "_dlt_valid_from":{"name":"_dlt_valid_from","data_type":"timestamp","nullable":true,"x-valid-from":true},
              "_dlt_valid_to":{"name":"_dlt_valid_to","data_type":"timestamp","nullable":true,"x-valid-to":true,
                "x-active-record-timestamp":null},
              "_dlt_id":{"name":"_dlt_id","nullable":false,"x-row-version":true,"unique":false,"row_key":false}}}
            """;
        Assert.Equal(JsonText.Write(JsonValue.Parse(declared), sortKeys: true),
            JsonText.Write(hints.ToTable("orders", "orders").ToJson(), sortKeys: true));
    }

    [Fact]
    public void A_strategy_without_the_disposition_merge_is_refused()
    {
        var hints = new ResourceHints { MergeStrategy = new MergeStrategy.Upsert() };
        var error = Assert.Throws<SchemaException>(() => hints.ToTable("orders", "orders"));
        Assert.Equal("orders", error.Table);
        Assert.Contains("WriteDisposition = WriteDisposition.Merge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposition_of_an_item_leaves_the_strategy_of_the_resource_out()
    {
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Merge, MergeStrategy = new MergeStrategy.Upsert() };
        Assert.Null(new ItemHints { WriteDisposition = WriteDisposition.Append }.Over(hints).MergeStrategy);
        Assert.Equal(hints.MergeStrategy, new ItemHints { PrimaryKey = ["id"] }.Over(hints).MergeStrategy);
        Assert.Equal(new MergeStrategy.Cdc(), new ItemHints { MergeStrategy = new MergeStrategy.Cdc() }.Over(hints).MergeStrategy);
    }

    [Fact]
    public void A_nested_table_merges_by_the_strategy_of_its_root()
    {
        var schema = Schema("""
            {"name":"orders","write_disposition":"merge","table_format":"iceberg","x-merge-strategy":"upsert",
             "x-merge-source-filter":"amount > 0","columns":{}}
            """);
        schema.Set(new TableSchema("orders__lines", "orders"));
        Assert.Equal(new MergeStrategy.Upsert { SourceFilter = "amount > 0" },
            AthenaCapabilities.Default.ResolveMergeStrategy(schema, schema.Table("orders__lines")));
    }

    [Fact]
    public void A_table_without_strategy_merges_by_the_first_one_of_its_format()
    {
        var schema = Schema("""{"name":"orders","write_disposition":"merge","columns":{}}""");
        Assert.Null(AthenaCapabilities.Default.ResolveMergeStrategy(schema, schema.Table("orders")));
        Assert.Equal(new MergeStrategy.DeleteInsert(),
            AthenaCapabilities.ForcedIceberg.ResolveMergeStrategy(schema, schema.Table("orders")));
    }

    [Fact]
    public void A_stored_time_that_is_not_one_is_an_error_with_its_table()
    {
        var schema = Schema("""
            {"name":"orders","write_disposition":"merge","x-merge-strategy":"scd2","x-boundary-timestamp":"soon","columns":{}}
            """);
        var error = Assert.Throws<SchemaException>(() => schema.Table("orders").MergeStrategy);
        Assert.Equal("orders", error.Table);
        Assert.Contains("x-boundary-timestamp \"soon\"", error.Message, StringComparison.Ordinal);
    }

    private static Schema Schema(string table)
    {
        var schema = new Schema("shop");
        schema.Set(TableSchema.FromJson(JsonValue.Parse(table)));
        return schema;
    }
}
