using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Counts the files and rows that a snapshot adds and removes, and writes its summary (docs/spec/iceberg.md 6.9).</summary>
internal sealed class SnapshotSummary
{
    private static readonly (string Name, string Added, string Removed)[] TotalKeys =
    [
        ("data-files", "added-data-files", "deleted-data-files"),
        ("records", "added-records", "deleted-records"),
        ("files-size", "added-files-size", "removed-files-size"),
        ("delete-files", "added-delete-files", "removed-delete-files"),
        ("position-deletes", "added-position-deletes", "removed-position-deletes"),
        ("equality-deletes", "added-equality-deletes", "removed-equality-deletes"),
    ];

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<PartitionKey> _partitions = [];

    public bool HasRemovedData => _counts.ContainsKey("deleted-data-files");

    public bool HasAddedData => _counts.ContainsKey("added-data-files");

    public void Added(DataFile file) => Count(file, "added", "added");

    public void Removed(DataFile file) => Count(file, "deleted", "removed");

    /// <summary>Sets a count of the summary. Zero leaves the key out.</summary>
    public void Set(string key, long value)
    {
        if (value > 0) _counts[key] = value;
    }

    /// <summary>Writes the summary of the snapshot.</summary>
    /// <param name="operation">Operation of the snapshot, such as <c>append</c>.</param>
    /// <param name="parent">Summary of the parent, whose totals are carried forward; null for the first snapshot.</param>
    /// <param name="totals">Totals counted from the manifests of the parent, for totals that its summary lacks.</param>
    /// <param name="extra">Entries that the writer adds.</param>
    public JsonValue ToJson(
        string operation, IReadOnlyDictionary<string, string>? parent, IReadOnlyDictionary<string, long> totals,
        IEnumerable<KeyValuePair<string, string>> extra)
    {
        var members = new List<KeyValuePair<string, JsonValue>> { new("operation", JsonValue.String(operation)) };
        members.AddRange(_counts.Select(c => KeyValuePair.Create(c.Key, Number(c.Value))));
        members.Add(new("changed-partition-count", Number(_partitions.Count)));
        foreach (var (name, added, removed) in TotalKeys)
        {
            long before = 0;
            if (parent is not null && !TryParse(parent.GetValueOrDefault("total-" + name), out before)
                && !totals.TryGetValue(name, out before)) continue;
            var total = before + _counts.GetValueOrDefault(added) - _counts.GetValueOrDefault(removed);
            members.Add(new("total-" + name, Number(Math.Max(0, total))));
        }

        members.Add(new("engine-name", JsonValue.String("dlt-dotnet")));
        members.Add(new("engine-version", JsonValue.String(typeof(SnapshotSummary).Assembly.GetName().Version?.ToString(3) ?? "0")));
        members.AddRange(extra.Select(e => KeyValuePair.Create(e.Key, JsonValue.String(e.Value))));
        return JsonValue.Object(members);
    }

    private static bool TryParse(string? text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private void Count(DataFile file, string fileVerb, string rowVerb)
    {
        _partitions.Add(new(file.SpecId, file.Partition));
        Add(rowVerb + "-files-size", file.FileSizeInBytes);
        if (file.Content == FileContent.Data)
        {
            Add(fileVerb + "-data-files", 1);
            Add(fileVerb + "-records", file.RecordCount);
            return;
        }

        var kind = file.Content == FileContent.PositionDeletes ? "position" : "equality";
        Add(rowVerb + "-delete-files", 1);
        if (file.IsDeletionVector) Add(rowVerb + "-dvs", 1);
        else Add($"{rowVerb}-{kind}-delete-files", 1);
        Add($"{rowVerb}-{kind}-deletes", file.RecordCount);
    }

    private void Add(string key, long value) => _counts[key] = _counts.GetValueOrDefault(key) + value;

    private static JsonValue Number(long value) => JsonValue.String(value.ToString(CultureInfo.InvariantCulture));
}
