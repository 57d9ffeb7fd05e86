using System.Security.Cryptography;
using System.Text;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.State;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Compares rows up to placeholders. Load ids are compared by their order, hashes and states by the values behind the placeholders, and
/// random row ids by the rows that they connect.
/// </summary>
internal sealed class RowTexts
{
    private const int Rounds = 4;
    private const char RowIdMark = '\u0001';

    /// <summary>Cells as texts by table; those of row ids begin with <see cref="RowIdMark"/>.</summary>
    private readonly Dictionary<string, List<string[]>> _tables = new(StringComparer.Ordinal);

    /// <param name="before">The tables of dlt.</param>
    /// <param name="after">Ours.</param>
    /// <param name="bindings">The values of dlt's placeholders; hashes and states without one are not compared.</param>
    public static void Check(
        IReadOnlyDictionary<string, TableState> before, IReadOnlyDictionary<string, TableState> after, JsonValue bindings)
    {
        var isOpen = bindings.Members.Count == 0;
        var (expected, actual) = (new RowTexts(), new RowTexts());
        var cells = before.ToDictionary(t => t.Key, t => ColumnsOf(t.Value, isOpen), StringComparer.Ordinal);
        var loads = Ranks(before.SelectMany(t => t.Value.Rows).SelectMany(r => r)
            .Where(c => Placeholder.KindOf(c) == Placeholder.LoadId).Select(c => c.AsString()), p => Placeholder.NumberOf(p));
        var ours = Ranks(after.SelectMany(t => cells[t.Key].NewLoads(t.Value)), id => decimal.Parse(id));
        foreach (var (name, table) in before)
            expected._tables[name] = [.. table.Rows.Select(r => r.Select(c => Expected(c, loads, bindings, IsState(table))).ToArray())];
        foreach (var (name, table) in after)
            actual._tables[name] = [.. table.Rows.Select(r => r.Select((c, i) => cells[name].Actual(c, i, ours)).ToArray())];
        foreach (var (name, text) in expected.Texts())
            Assert.Equal($"{name}\n{text}", $"{name}\n{actual.Texts()[name]}");
    }

    private static ExpectedColumns ColumnsOf(TableState table, bool isOpen) => new(
        IsState(table) || isOpen, isOpen,
    [
        .. table.Columns.Select((_, i) => (
            table.Rows.Select(r => Placeholder.KindOf(r[i])).FirstOrDefault(k => k is not null),
            table.Rows.Where(r => Placeholder.KindOf(r[i]) is null).Select(r => CanonicalRows.Text(r[i]))
                .ToHashSet(StringComparer.Ordinal))),
    ]);

    /// <summary>The table of states: its hashes are not compared, see <see cref="StateText"/>.</summary>
    private static bool IsState(TableState table) => table.Columns.Any(c => c.Name == "state");

    private static string Expected(JsonValue cell, Dictionary<string, int> loads, JsonValue bindings, bool isState)
    {
        switch (Placeholder.KindOf(cell))
        {
            case null: return CanonicalRows.Text(cell);
            case Placeholder.LoadId: return $"load {loads[cell.AsString()]}";
            case Placeholder.RowId: return RowIdMark + cell.AsString();
            case Placeholder.Hash when !isState && bindings[cell.AsString()] is { Kind: JsonKind.String } hash:
                return CanonicalRows.Text(hash);
            case Placeholder.State when bindings[cell.AsString()] is { } state: return StateText(state["value"] ?? state);
            case var kind: return $"<{kind}>";
        }
    }

    /// <summary>
    /// A state without what only its machine knows, without its hash, which Python makes of a set in any order, and without the dataset's
    /// name, which may hold the time of a run.
    /// </summary>
    private static string StateText(JsonValue state) => CanonicalRows.Text(
        StateChecks.WithSortedHashes(state.Without("_local").Without("_version_hash").Without("dataset_name")));

    private static Dictionary<string, int> Ranks<TKey>(IEnumerable<string> ids, Func<string, TKey> key) =>
        ids.Distinct(StringComparer.Ordinal).OrderBy(key).Select((id, i) => (id, i)).ToDictionary(x => x.id, x => x.i);

    /// <summary>
    /// The rows of each table, sorted; a row id is the sum of the places where it stands, which includes those of others.
    /// </summary>
    private Dictionary<string, string> Texts()
    {
        var signs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var places = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            foreach (var (name, rows) in _tables)
                foreach (var row in rows)
                {
                    var text = Text(row, signs);
                    for (var i = 0; i < row.Length; i++)
                    {
                        if (row[i][0] != RowIdMark) continue;
                        if (!places.TryGetValue(row[i], out var known)) places[row[i]] = known = [];
                        known.Add($"{name} {i} {text}");
                    }
                }

            signs = places.ToDictionary(
                p => p.Key, p => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
                    string.Join('\n', p.Value.Order(StringComparer.Ordinal)))))[..12], StringComparer.Ordinal);
        }

        return _tables.ToDictionary(
            t => t.Key, t => string.Join('\n', t.Value.Select(r => Text(r, signs)).Order(StringComparer.Ordinal)), StringComparer.Ordinal);
    }

    private static string Text(string[] row, Dictionary<string, string> signs) =>
        string.Join(" | ", row.Select(c => c[0] == RowIdMark ? "#" + signs.GetValueOrDefault(c) : c));

    /// <param name="HasOpenHashes">Whether hashes are not compared.</param>
    /// <param name="HasOpenStates">Whether states are not compared.</param>
    /// <param name="Columns">Of each column of dlt's table: the kind of its placeholders, and its other values.</param>
    private sealed record ExpectedColumns(
        bool HasOpenHashes, bool HasOpenStates, IReadOnlyList<(string? Kind, HashSet<string> Raw)> Columns)
    {
        public IEnumerable<string> NewLoads(TableState table) =>
            from row in table.Rows
            from i in Enumerable.Range(0, row.Length)
            where Columns[i].Kind == Placeholder.LoadId && row[i].Kind == JsonKind.String && IsNew(row[i], i)
            select row[i].AsString();

        public string Actual(JsonValue cell, int column, Dictionary<string, int> loads)
        {
            if (!IsNew(cell, column) || Columns[column].Kind is not { } kind) return CanonicalRows.Text(cell);
            return kind switch
            {
                Placeholder.LoadId => $"load {loads[cell.AsString()]}",
                Placeholder.RowId => RowIdMark + cell.AsString(),
                Placeholder.Hash when !HasOpenHashes => CanonicalRows.Text(cell),
                Placeholder.State when !HasOpenStates => StateText(StateJson.Decompress(cell.AsString())),
                _ => $"<{kind}>",
            };
        }

        private bool IsNew(JsonValue cell, int column) => !cell.IsNull && !Columns[column].Raw.Contains(CanonicalRows.Text(cell));
    }
}
