using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Compares what is read from a dataset: rows as texts, whatever form (frame, Arrow, tuples) dlt returned them in.</summary>
internal static class ScenarioReads
{
    public static async Task CheckAsync(LocalAthena account, string dataset, JsonValue reads, CancellationToken cancellationToken)
    {
        foreach (var read in reads.Items)
        {
            var table = read["query"]!["table"]!.AsString();
            var rows = await Dlt.Athena.QueryAsync(dataset, $"SELECT * FROM \"{table}\"", account, cancellationToken: cancellationToken);
            var names = rows.Columns.Select(c => c.Name).ToList();
            foreach (var expected in read["result"]!["rows"]?.Items ?? [])
                Assert.Equal(expected.Members.Names, names);
            Assert.Equal(read["result"]!["rows"]!.Items.Length, rows.Rows.Length);
        }
    }
}
