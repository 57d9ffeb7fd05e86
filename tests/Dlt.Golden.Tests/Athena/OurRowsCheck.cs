using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Lake;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Compares the rows of tables where dlt has lost them with those that went in, by their own columns.</summary>
internal static class OurRowsCheck
{
    /// <param name="expected">Databases, their tables, and the rows of each as objects.</param>
    /// <param name="account">What is there.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task CheckAsync(JsonValue expected, LocalAthena account, CancellationToken cancellationToken)
    {
        foreach (var (database, tables) in expected.Members)
            foreach (var (name, rows) in tables.Members)
            {
                var found = await account.Glue.GetTableAsync(database, name, cancellationToken);
                Assert.True(found is not null, $"{database}.{name} is missing.");
                var state = await TableState.ReadAsync(account, found, cancellationToken);
                Assert.Equal(Sorted(rows.Items), Sorted(state.Rows.Select(r => RowOf(state, r, rows))));
            }
    }

    private static JsonValue RowOf(TableState state, JsonValue[] cells, JsonValue rows)
    {
        var columns = rows.Items.SelectMany(r => r.Members.Names).ToHashSet(StringComparer.Ordinal);
        return JsonValue.Object(state.Columns.Select((c, i) => KeyValuePair.Create(c.Name, cells[i]))
            .Where(c => columns.Contains(c.Key) && !c.Value.IsNull));
    }

    private static string Sorted(IEnumerable<JsonValue> rows) =>
        string.Join('\n', rows.Select(CanonicalRows.Text).Order(StringComparer.Ordinal));
}
