using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>One random merge of a table and the same change of the model. It checks what the plan reports, which files stay, and that
/// nothing is left over.</summary>
internal sealed class RandomMerge(Table table, MergeModel model, Random random)
{
    private const int Mark = 4;

    private static readonly string[][] Keys = [["id"], ["code"], ["id", "code"], ["s.z"], ["s.z", "code"]];

    private readonly string[] _key = Keys[random.Next(Keys.Length)];
    private readonly int _n = random.Next(6);
    private readonly List<object?[]> _rows = model.NewRows(random.Next(0, 9));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<(string Name, Table Table)> RunAsync()
    {
        using var keys = new KeySet(memoryBytes: random.Next(2) == 0 ? 1 : KeySet.DefaultMemoryBytes);
        var way = random.Next(9);
        if (way == 0) RemoveEqualKeys();
        var schema = table.Metadata.CurrentSchema;
        var byN = FilterCondition.Of(Filter.Equal("n", _n), schema);
        var byKey = MergeTable.KeysOf(table, _rows, keys, Mark, _key);
        KeyCondition Keys(bool isNegated, RowCondition? among) => new(Dlt.Iceberg.KeyColumns.Of(schema, _key), keys)
        {
            IsNegated = isNegated,
            Among = among,
            Marks = Mark,
            Bounds = byKey.Bounds,
        };
        bool IsN(object?[] row) => row[2] is int n && n == _n;
        var (removed, changed, isRemoved, isChanged) = way switch
        {
            0 => (byKey, RowCondition.None, (Predicate<object?[]>)HasKey, Nothing),
            1 => (new AllCondition([byKey, byN]), RowCondition.None, r => HasKey(r) && IsN(r), Nothing),
            2 => (new AnyCondition([byKey, byN]), RowCondition.None, r => HasKey(r) || IsN(r), Nothing),
            3 => (byN, (RowCondition)byKey, IsN, HasKey),
            4 => (new AllCondition([Keys(isNegated: true, null), byN]), RowCondition.None, r => HasOtherKey(r) && IsN(r), Nothing),
            5 => (new NotCondition(byKey), byN, r => !HasKey(r), IsN),
            6 => (Keys(isNegated: false, byN), Keys(isNegated: true, byN), r => HasKey(r) && IsN(r), r => HasOtherKey(r) && IsN(r)),
            7 => (RowCondition.None, RowCondition.None, Nothing, Nothing),
            _ => ((RowCondition)byN, RowCondition.None, (Predicate<object?[]>)IsN, (Predicate<object?[]>)Nothing),
        };
        var staged = await MergeTable.WriteAsync(table, _rows);
        IReadOnlyList<NewRows> added = [];
        var request = new MergeRequest
        {
            Removed = removed,
            Changed = changed,
            Values = new Dictionary<int, object?> { [schema.Find("v")!.Id] = "changed" },
            Observed = way == 7 ? byKey : RowCondition.None,
            Added = () => added = [.. staged.Select(f => new NewRows(f, way is 5 or 6 ? [0] : new HashSet<long>()))],
        };
        var plan = await new TableMerge(table).PlanAsync(request, Cancellation);
        var kept = await KeptAsync(added);
        var before = await MergeTable.FilesAsync(table);
        Assert.Equal(model.Rows.Count(r => isRemoved(r)), plan.Removed);
        Assert.Equal(model.Rows.Count(r => !isRemoved(r) && isChanged(r)), plan.Changed);
        Assert.Equal(kept.Count, plan.Added);
        if (way is 0 or 2 or 3 or 7) AssertMarked(keys, _ => true);
        if (way == 6) AssertMarked(keys, IsN);
        var expected = way == 0 ? await ReferenceAsync() : null;
        var merged = plan.IsEmpty ? table : await MergeTable.CommitAsync(table, plan);
        await table.Files.DeleteAsync(plan.Unused, Cancellation);
        var after = (await MergeTable.FilesAsync(merged)).ToDictionary(f => f.Location);
        foreach (var (location, rows) in before.Where(f => !f.Rows.Exists(r => isRemoved(r) || isChanged(r))))
            Assert.Equal(rows.Count, after[location].Rows.Count);
        // Row by row, each of several rows with the key becomes the new row.
        if (expected is not null) Assert.Equal(expected.Distinct(), (await MergeTable.RowsAsync(merged.Scan())).Distinct());
        model.Remove(isRemoved);
        model.Change(isChanged, "changed");
        model.Add(kept);
        Assert.Empty(await MergeTable.OrphansAsync(merged));
        return ($"merge {way} by {string.Join('+', _key)} of {_rows.Count}, n = {_n}", merged);
    }

    private static bool Nothing(object?[] row) => false;

    private List<object?> KeyOf(object?[] row) =>
        [.. _key.Select(k => MergeTable.ValueOf(table.Metadata.CurrentSchema, table.Metadata.CurrentSchema.Find(k)!, row))];

    private bool HasKey(object?[] row) => KeyOf(row) is var key && _rows.Exists(r => AreEqual(KeyOf(r), key));

    private bool HasOtherKey(object?[] row) => !KeyOf(row).Contains(null) && !HasKey(row);

    private static bool AreEqual(List<object?> a, List<object?> b) =>
        a.Zip(b).All(p => p is { First: not null, Second: not null } && MergeModel.AreEqual(p.First, p.Second));

    /// <summary>An upsert row by row refuses rows with the same key.</summary>
    private void RemoveEqualKeys()
    {
        for (var i = _rows.Count - 1; i > 0; i--)
            if (_rows.Take(i).Any(r => AreEqual(KeyOf(r), KeyOf(_rows[i])))) _rows.RemoveAt(i);
    }

    /// <summary>The new rows that are not dropped.</summary>
    private async Task<List<object?[]>> KeptAsync(IReadOnlyList<NewRows> added)
    {
        var reader = new TaskReader(table.Files, table.Metadata, table.Catalog!.DataFileReader);
        var kept = new List<object?[]>();
        foreach (var rows in added)
        {
            var batches = reader.ReadAsync(NewRows.TaskOf(rows.File), table.Metadata.CurrentSchema, Filter.True, Cancellation);
            await foreach (var batch in batches)
                kept.AddRange(batch.Where(r => !rows.Dropped.Contains(r.Position)).Select(r => r.Row));
        }

        return kept;
    }

    /// <summary>The rows after an upsert row by row, on a branch; null when its equality of keys differs: zeros of both signs.</summary>
    private async Task<List<string>?> ReferenceAsync()
    {
        if (_rows.Count == 0 || table.Metadata.CurrentSnapshot is null || _key.Contains("s.z")) return null;
        if (model.IdType.Kind is PrimitiveKind.Float or PrimitiveKind.Double) return null;
        const string branch = "reference";
        var branched = await table.NewTransaction().CreateBranch(branch).CommitAsync(Cancellation);
        var upsert = await branched.NewTransaction(branch).UpsertAsync(_rows, _key, cancellationToken: Cancellation);
        branched = await upsert.CommitAsync(Cancellation);
        var rows = await MergeTable.RowsAsync(branched.Scan().UseRef(branch));
        await branched.NewTransaction().RemoveRef(branch).CommitAsync(Cancellation);
        return rows;
    }

    /// <summary>The keys of rows in the table are marked, of those rows that count.</summary>
    private void AssertMarked(KeySet keys, Predicate<object?[]> counts)
    {
        foreach (var row in _rows.Where(r => !KeyOf(r).Contains(null)))
        {
            var values = KeyOf(row);
            var hash = values.Skip(1).Aggregate(KeyHash.Of(values[0]!), (h, v) => KeyHash.Combine(h, KeyHash.Of(v!)));
            var isInTable = model.Rows.Exists(r => AreEqual(KeyOf(r), values) && counts(r));
            Assert.Equal(isInTable, keys.IsMarked(keys.IndexOf(hash), Mark));
        }
    }
}
