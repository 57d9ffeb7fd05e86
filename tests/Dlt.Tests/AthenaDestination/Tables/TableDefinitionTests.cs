using System.Text.Json;
using System.Text.RegularExpressions;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>The definitions that a load gives its tables in Glue, member by member.</summary>
public sealed class TableDefinitionTests : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("external", TableFormat.Hive), InlineData("iceberg", TableFormat.Iceberg)]
    public async Task A_table_in_Glue_is_as_verified(string name, TableFormat format)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            TableFormat = format,
            Columns = [Column.Decimal("price", 10, 2), Column.Timestamp("at"), Column.Nested("parts", "array<struct<sku:string>>")],
        };
        string[] items = ["""{"id":1,"name":"x","price":1.5,"at":"2024-01-02T03:04:05Z","parts":[{"sku":"a"}]}"""];
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, items), TestContext.Current.CancellationToken);
        var table = await account.Glue.GetTableAsync("ds", "items", TestContext.Current.CancellationToken);
        using var definition = JsonDocument.Parse(GlueJson.Write(table!.Definition));
        (string, string)[] scrubs =
        [
            (Regex.Escape(_folder.Path), "<folder>"),
            (Verified.LoadId, "<load id>"),
            ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
            (@"""(\d{13,})""", "\"<number>\""),
        ];
        Verified.Matches(JsonSerializer.Serialize(definition, Indented), name, scrubs);
    }
}
