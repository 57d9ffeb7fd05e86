using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.SchemaFiles;

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
        await System.IO.File.WriteAllTextAsync(
            File, text.Replace("data_type: double", "data_type: decimal", StringComparison.Ordinal), Cancellation);
        var fresh = new LocalAthena(_folder.File("other"));
        await RunAsync(fresh, Some.Resource("orders", "{\"price\":1.5}"));
        Assert.Equal("decimal(38,9)", (await fresh.Glue.GetTableAsync("ds", "orders", Cancellation))!.Columns.Single(c => c.Name == "price")
            .Type);
        Assert.Contains("data_type: decimal",
            await System.IO.File.ReadAllTextAsync(Path.Combine(_folder.File("export"), "pipe.schema.yaml"), Cancellation),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: pipe\ntables: [", "is not YAML: line ")]
    [InlineData("name: other\ntables: {}", "holds no schema named 'pipe'")]
    [InlineData("- a", "holds no schema named 'pipe'")]
    public async Task A_file_that_is_not_a_schema_is_an_error_before_anything_is_loaded(string content, string what)
    {
        Directory.CreateDirectory(Import);
        await System.IO.File.WriteAllTextAsync(File, content, Cancellation);
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, Hinted()));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "orders", Cancellation));
    }

    [Theory]
    [InlineData("        data_type: double", "        data_type: double\n        nulable: false",
        "tables.orders.columns.price: unknown 'nulable', the nearest one is 'nullable'")]
    [InlineData("        data_type: double", "        data_type: double\n        precison: 5",
        "tables.orders.columns.price: unknown 'precison', the nearest one is 'precision'")]
    [InlineData("    write_disposition: append", "    write_dispostion: replace",
        "tables.orders: unknown 'write_dispostion', the nearest one is 'write_disposition'")]
    [InlineData("    write_disposition: append", "    write_disposition: append\n    filters:\n      exclude: [a]",
        "tables.orders.filters: unknown 'exclude', the nearest one is 'excludes'")]
    [InlineData("    write_disposition: append", "    parent: ordrs", "tables.orders: the parent 'ordrs' is not a table of the schema")]
    [InlineData("settings:", "settings:\n  prefered_types: {}", "settings: unknown 'prefered_types', the nearest one is 'preferred_types'")]
    [InlineData("normalizers:", "normalizers:\n  nams: direct", "normalizers: unknown 'nams', the nearest one is 'names'")]
    public async Task A_member_that_a_schema_does_not_have_is_named_with_its_place_and_the_nearest_one(
        string line, string edited, string what)
    {
        await RunAsync(Some.Account(_folder), Hinted());
        var text = await System.IO.File.ReadAllTextAsync(File, Cancellation);
        var at = text.IndexOf(
            "\n" + line, line[0] == ' ' ? text.IndexOf("\n  orders:", StringComparison.Ordinal) : 0, StringComparison.Ordinal) + 1;
        await System.IO.File.WriteAllTextAsync(File, text[..at] + edited + text[(at + line.Length)..], Cancellation);
        var fresh = new LocalAthena(_folder.File("other"));
        var error = await Assert.ThrowsAsync<Dlt.SchemaException>(() => RunAsync(fresh, Hinted()));
        Assert.Contains($"{File}: {what}", error.Message, StringComparison.Ordinal);
        Assert.Null(await fresh.Glue.GetTableAsync("ds", "orders", Cancellation));
    }

    [Fact]
    public async Task A_schema_file_may_have_hints_that_nobody_knows()
    {
        await RunAsync(Some.Account(_folder), Hinted());
        var text = await System.IO.File.ReadAllTextAsync(File, Cancellation);
        await System.IO.File.WriteAllTextAsync(File,
            text.Replace("        data_type: double", "        data_type: double\n        x-mine: 1", StringComparison.Ordinal),
            Cancellation);
        var fresh = new LocalAthena(_folder.File("other"));
        await RunAsync(fresh, Hinted());
        Assert.Equal("1", await Some.ValueAsync(fresh, "SELECT count(*) FROM orders"));
    }

    private static Resource Hinted() =>
        Some.Resource("orders", new ResourceHints { Columns = [new("price", Dlt.DataType.Double)] }, "{\"price\":1.5}");

    private Task<LoadInfo> RunAsync(LocalAthena account, Resource resource) =>
        Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new()
            {
                Configuration = Some.Configuration(account.Folder),
                Warn = _ => { },
                ImportSchemaPath = Import,
                ExportSchemaPath = _folder.File("export")
            })
            .RunAsync(resource, Cancellation);
}
