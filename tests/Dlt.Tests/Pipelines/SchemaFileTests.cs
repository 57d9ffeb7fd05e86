using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class SchemaFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Import => _folder.File("import");

    private string File => Path.Combine(Import, "pipe.schema.yaml");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_type_that_is_edited_in_the_import_file_holds_for_the_tables_to_come()
    {
        await RunAsync(Some.Account(_folder), Hinted());
        var text = await System.IO.File.ReadAllTextAsync(File, Cancellation);
        Assert.Contains("      price:\n        data_type: double", text, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(File, text.Replace("data_type: double", "data_type: decimal", StringComparison.Ordinal), Cancellation);
        var fresh = new LocalAthena(_folder.File("other"));
        await RunAsync(fresh, Some.Resource("orders", "{\"price\":1.5}"));
        Assert.Equal("decimal(38,9)", (await fresh.Glue.GetTableAsync("ds", "orders", Cancellation))!.Columns.Single(c => c.Name == "price").Type);
        Assert.Contains("data_type: decimal", await System.IO.File.ReadAllTextAsync(Path.Combine(_folder.File("export"), "pipe.schema.yaml"), Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: pipe\ntables: [", "is not YAML: line ")]
    [InlineData("name: other\ntables: {}", "holds no schema named 'pipe'")]
    [InlineData("- a", "holds no schema named 'pipe'")]
    public async Task A_file_that_is_no_schema_is_an_error_before_anything_is_loaded(string content, string what)
    {
        Directory.CreateDirectory(Import);
        await System.IO.File.WriteAllTextAsync(File, content, Cancellation);
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, Hinted()));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "orders", Cancellation));
    }

    private static Resource Hinted() => Some.Resource("orders", new ResourceHints { Columns = [new("price", Dlt.Types.DataType.Double)] }, "{\"price\":1.5}");

    private Task<LoadInfo> RunAsync(LocalAthena account, Resource resource) =>
        Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { }, ImportSchemaPath = Import, ExportSchemaPath = _folder.File("export") })
            .RunAsync(resource, Cancellation);
}
