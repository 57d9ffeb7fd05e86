using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Iceberg.Catalogs;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>
/// Random legal changes of a table, compared with a plain model. Rows of the model are dictionaries by column number, which renames do
/// not affect.
/// </summary>
public sealed class TableModelTests : IDisposable
{
    private const int Tables = 40;
    private const int Changes = 14;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Any_legal_sequence_of_changes_reads_back_as_a_plain_model_at_every_snapshot() =>
        ChangeTablesAsync(new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() }, Tables);

    [Fact]
    public async Task A_rest_server_makes_of_the_changes_that_it_is_sent_the_same_table()
    {
        await using var server = new RestServer(_folder.Path);
        using var catalog = new RestCatalog(server.Uri) { DataFileReader = new ParquetDataFileReader() };
        await catalog.CreateNamespaceAsync("db", cancellationToken: Cancellation);
        await ChangeTablesAsync(catalog, Tables / 4);
    }

    private static async Task ChangeTablesAsync(Catalog catalog, int tables)
    {
        for (var seed = 0; seed < tables; seed++)
        {
            var random = new Random(seed);
            var model = new Model(random);
            var spec = seed % 3 == 0
                ? PartitionSpec.Unpartitioned
                : new PartitionSpec(0, [new(1, 1000, "p", seed % 3 == 1 ? Transform.Identity : Transform.Bucket(3))]);
            var table = await catalog.CreateTableAsync(
                new("db", $"t{seed}"), new Schema([new(1, "key", new PrimitiveType(PrimitiveKind.Int))]),
                spec, cancellationToken: Cancellation);
            var history = new List<(long Snapshot, List<string> Rows)>();
            var done = new List<string>();
            for (var change = 0; change < Changes; change++)
            {
                var snapshot = table.Metadata.CurrentSnapshot?.SnapshotId;
                var (name, next) = await ChangeAsync(table, model, random);
                table = next;
                done.Add(name);
                var why = $"seed {seed}: {string.Join(", ", done)}";
                Assert.True(model.Rows().SequenceEqual(await RowsAsync(table.Scan())), why);
                if (table.Metadata.CurrentSnapshot is { } current && current.SnapshotId != snapshot)
                    history.Add((current.SnapshotId, model.Rows()));
            }

            // Snapshots show the columns of their time, whatever changed later.
            foreach (var (snapshot, rows) in history)
                Assert.True(rows.SequenceEqual(await RowsAsync(table.Scan().UseSnapshot(snapshot))),
                    $"seed {seed}, snapshot {snapshot} after {string.Join(", ", done)}");
        }
    }

    private static async Task<(string Name, Table Table)> ChangeAsync(Table table, Model model, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                var added = model.Add();
                return ($"add {added.Name}", await table.NewTransaction()
                    .UpdateSchema(s => s.AddColumn(added.Name, new PrimitiveType(added.Kind))).CommitAsync(Cancellation));
            case 1 when model.Columns.Count > 2:
                var dropped = model.Drop();
                return ($"drop {dropped}", await table.NewTransaction().UpdateSchema(s => s.DropColumn(dropped)).CommitAsync(Cancellation));
            case 2:
                var (old, renamed) = model.Rename();
                return ($"rename {old} {renamed}", await table.NewTransaction().UpdateSchema(s => s.RenameColumn(old, renamed))
                    .CommitAsync(Cancellation));
            case 3 when model.Widen() is { } widened:
                return ($"widen {widened.Name}", await table.NewTransaction()
                    .UpdateSchema(s => s.PromoteColumn(widened.Name, new PrimitiveType(widened.Kind))).CommitAsync(Cancellation));
            case 4 when model.Columns.Count > 1:
                var (moved, after) = model.Move();
                return ($"move {moved} after {after}", await table.NewTransaction().UpdateSchema(s => s.MoveColumn(moved, after))
                    .CommitAsync(Cancellation));
            case 5:
                var key = model.Columns.Single(c => c.Number == 0);
                var from = random.Next(20);
                model.Delete(r => r[0] is { } value && Convert.ToInt64(value) > from);
                var mode = random.Next(2) == 0 ? RowChangeMode.CopyOnWrite : RowChangeMode.MergeOnRead;
                return ($"delete {mode} {key.Name} > {from}",
                    await (await table.NewTransaction().DeleteAsync(Filter.Greater(key.Name, from), mode, Cancellation))
                        .CommitAsync(Cancellation));
            case 6:
                return ("compact", await table.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation));
            default:
                var rows = Enumerable.Range(0, random.Next(1, 6)).Select(_ => model.Append()).ToList();
                var isOneCommit = random.Next(4) == 0;
                var late = isOneCommit ? model.Add() : null;
                await using (var writer = new DataFileWriter(table))
                {
                    foreach (var row in rows) await writer.AddAsync(row, Cancellation);
                    var transaction = table.NewTransaction();
                    if (late is not null) transaction.UpdateSchema(s => s.AddColumn(late.Name, new PrimitiveType(late.Kind)));
                    return ($"append {rows.Count}{(isOneCommit ? " and add " + late!.Name : "")}",
                        await transaction.Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation));
                }
        }
    }

    private static async Task<List<string>> RowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var row in scan.ReadRowsAsync(Cancellation))
            rows.Add(Model.Text(scan.Schema.Fields.Select((f, i) => (f.Name, row[i]))));
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private sealed class Model(Random random)
    {
        private static readonly PrimitiveKind[] Kinds = [PrimitiveKind.Int, PrimitiveKind.Long,
            PrimitiveKind.Float, PrimitiveKind.Double, PrimitiveKind.String, PrimitiveKind.Boolean];
        private static readonly string[] Names = ["a", "b", "c", "d", "e e", "F", "g.h", "é"];

        private readonly List<Dictionary<int, object?>> _rows = [];
        private int _last;

        public List<Column> Columns { get; } = [new(0, "key", PrimitiveKind.Int)];

        public List<string> Rows() =>
            [.. _rows.Select(r => Text(Columns.Select(c => (c.Name, Widened(r.GetValueOrDefault(c.Number), c.Kind)))))
                .Order(StringComparer.Ordinal)];

        public static string Text(IEnumerable<(string Name, object? Value)> row) =>
            string.Join('|', row.Select(v =>
                string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{v.Name}={v.Value ?? "null"}:{v.Value?.GetType().Name}")));

        public Column Add()
        {
            var column = new Column(++_last, FreeName(), Kinds[random.Next(Kinds.Length)]);
            Columns.Add(column);
            return column;
        }

        public string Drop()
        {
            var column = Columns.Where(c => c.Number != 0).ElementAt(random.Next(Columns.Count - 1));
            Columns.Remove(column);
            return column.Name;
        }

        public (string Old, string New) Rename()
        {
            var at = random.Next(Columns.Count);
            var old = Columns[at];
            Columns[at] = old with { Name = FreeName() };
            return (old.Name, Columns[at].Name);
        }

        public Column? Widen()
        {
            var at = Columns.FindIndex(c => c.Kind is PrimitiveKind.Int or PrimitiveKind.Float);
            if (at < 0) return null;
            return Columns[at] = Columns[at] with
            {
                Kind = Columns[at].Kind == PrimitiveKind.Int
                ? PrimitiveKind.Long : PrimitiveKind.Double
            };
        }

        public (string Column, string? After) Move()
        {
            var column = Columns[random.Next(Columns.Count)];
            Columns.Remove(column);
            var at = random.Next(Columns.Count + 1);
            Columns.Insert(at, column);
            return (column.Name, at == 0 ? null : Columns[at - 1].Name);
        }

        public void Delete(Predicate<Dictionary<int, object?>> match) => _rows.RemoveAll(match);

        public object?[] Append()
        {
            var row = Columns.ToDictionary(c => c.Number, c => random.Next(4) == 0 ? null : c.Kind switch
            {
                PrimitiveKind.Int => random.Next(20),
                PrimitiveKind.Long => random.NextInt64(40),
                PrimitiveKind.Float => random.Next(9) / 2f,
                PrimitiveKind.Double => random.NextDouble(),
                PrimitiveKind.String => $"s{random.Next(9)}",
                _ => (object)(random.Next(2) == 0),
            });
            _rows.Add(row);
            return [.. Columns.Select(c => row[c.Number])];
        }

        private string FreeName() => Names.Concat(Enumerable.Range(0, 99).Select(i => $"n{i}"))
            .Where(n => Columns.TrueForAll(c => c.Name != n)).OrderBy(_ => random.Next()).First();

        private static object? Widened(object? value, PrimitiveKind kind) => (value, kind) switch
        {
            (int number, PrimitiveKind.Long) => (long)number,
            (float number, PrimitiveKind.Double) => (double)number,
            _ => value,
        };
    }

    /// <summary>A column in the model of the table.</summary>
    private sealed record Column(int Number, string Name, PrimitiveKind Kind);
}
