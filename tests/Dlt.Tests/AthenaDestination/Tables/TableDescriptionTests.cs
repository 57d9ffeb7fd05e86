using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Descriptions of tables and columns become such that Glue takes them.</summary>
public sealed class TableDescriptionTests : AccountTests
{
    private static readonly string Long = new('a', 253);

    [Theory, InlineData(TableFormat.Hive), InlineData(TableFormat.Iceberg)]
    public async Task A_description_of_any_form_is_one_that_glue_takes(TableFormat format)
    {
        await RunAsync(format, """{"id":1}""", Described("id", "The id.\r\nSecond\tline.\u0001"), Described("b", Long + "😀"));
        await RunAsync(format, """{"id":2,"c":"x"}""", Described("c", "é\uD83D" + Long + "é"));
        var table = (await Account.Glue.GetTableAsync("ds", "orders", Cancellation))!;
        var comments = table.Columns.ToDictionary(c => c.Name, c => c.Comment);
        Assert.Equal("The id.  Second\tline. ", comments["id"]);
        Assert.Equal(Long, comments["b"]);
        Assert.Equal("é\uFFFD" + Long[..250], comments["c"]);
        if (format == TableFormat.Hive) Assert.Equal("Orders.\nAll\ta " + new string('é', 1017), table.Definition.Description);
    }

    [Theory, InlineData("two\nlines"), InlineData("a\u0001")]
    public async Task The_local_account_refuses_what_glue_refuses(string comment)
    {
        await RunAsync(TableFormat.Hive, """{"id":1}""");
        var table = (await Account.Glue.GetTableAsync("ds", "orders", Cancellation))!.Definition;
        var storage = table.StorageDescriptor! with { Columns = [new("id", "bigint", comment)] };
        var changed = table with { StorageDescriptor = storage };
        var errors = new[]
        {
            await Assert.ThrowsAsync<GlueException>(() => Account.Glue.UpdateTableAsync("ds", changed, cancellationToken: Cancellation)),
            await Assert.ThrowsAsync<GlueException>(
                () => Account.Glue.CreateTableAsync("ds", changed with { Name = "other" }, Cancellation)),
            await Assert.ThrowsAsync<GlueException>(
                () => Account.Glue.UpdateTableAsync("ds", table with { Description = new('x', 2049) }, cancellationToken: Cancellation)),
        };
        Assert.All(errors, error => Assert.Equal("ValidationException", error.ErrorCode));
    }

    private static ColumnSchema Described(string name, string text) => Column.Text(name).With("description", JsonValue.String(text));

    private async Task RunAsync(TableFormat format, string item, params ColumnSchema[] columns)
    {
        var hints = new ResourceHints
        {
            TableFormat = format,
            Columns = [.. columns],
            Additional = [new("description", JsonValue.String("Orders.\nAll\ta\u0002" + new string('é', 2000)))],
        };
        await new Machine(Account).RunAsync(Some.Resource("orders", hints, item));
    }
}
