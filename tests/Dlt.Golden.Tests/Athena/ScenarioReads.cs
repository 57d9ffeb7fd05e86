using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Compares what is read from a dataset, whatever form (frame, Arrow, tuples) dlt returned it in: the columns, the number of rows, and
/// the integers and texts in them.
/// </summary>
internal static class ScenarioReads
{
    public static async Task CheckAsync(LocalAthena account, string dataset, JsonValue reads, CancellationToken cancellationToken)
    {
        foreach (var read in reads.Items)
        {
            if (read["result"] is not { Kind: JsonKind.Object } result) continue;   // tuples have no names
            var table = read["query"]!["table"]!.AsString();
            var rows = await Dlt.Athena.QueryAsync(dataset, $"SELECT * FROM \"{table}\"", account, cancellationToken: cancellationToken);
            var expected = result["rows"]!.Items;
            Assert.Equal(expected.Length, rows.Rows.Length);
            foreach (var row in expected) Assert.Equal(row.Members.Names, rows.Columns.Select(c => c.Name));
            for (var i = 0; i < rows.Columns.Length; i++)
            {
                if (!rows.Columns[i].Type.StartsWith("varchar", StringComparison.Ordinal) && rows.Columns[i].Type != "bigint") continue;
                var cells = expected.Select(r => r[rows.Columns[i].Name]!).ToList();
                if (cells.Any(c => Placeholder.KindOf(c) is not null)) continue;
                Assert.Equal(
                    cells.Select(c => c.Kind == JsonKind.String ? c.AsString() : c.ToString()).Order(StringComparer.Ordinal),
                    rows.Rows.Select(r => r[i]!).Order(StringComparer.Ordinal));
            }
        }
    }
}
