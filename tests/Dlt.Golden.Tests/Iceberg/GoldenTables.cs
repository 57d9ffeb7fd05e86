using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Xunit;

namespace Dlt.Golden.Iceberg;

/// <summary>Tables of golden/iceberg: objects <c>s3://golden/…</c> are the files of the folder, under the very same names.</summary>
internal static class GoldenTables
{
    public const string Folder = "iceberg";

    private static readonly ConcurrentDictionary<string, JsonValue> Json = new();

    public static IFileIO Files { get; } = new GoldenFiles();

    public static TheoryData<string> Cases()
    {
        var data = new TheoryData<string>();
        if (GoldenFolder.Find(Folder) is not { } folder || !File.Exists(Path.Combine(folder, "index.json"))) return Judge.OrSkipped(data);
        foreach (var line in Read("index.json").Items) data.Add(line["case"]!.AsString());
        return data;
    }

    /// <summary>A table as a case of one of the tests of tables, such as <c>rows</c>.</summary>
    public static GoldenCase Case(string unit, string id) =>
        new(Folder, unit, $"{unit}:{id}", JsonValue.Object(("case", JsonValue.String(id))), () => Expected(id));

    public static JsonValue Expected(string id) => Read(Path.Combine(id, "expected.json"));

    public static JsonValue Read(string file) =>
        Json.GetOrAdd(file, static f => JsonParser.Parse(File.ReadAllBytes(Path.Combine(GoldenFolder.Find(Folder)!, f)), f));

    public static bool Has(string file) => GoldenFolder.Find(Folder) is { } folder && File.Exists(Path.Combine(folder, file));

    public static Task<Table> OpenAsync(string id) =>
        Table.OpenAsync(Files, Expected(id)["metadataLocation"]!.AsString(), TestContext.Current.CancellationToken);

    /// <summary>The rows of a scan as texts, sorted.</summary>
    public static async Task<List<string>> RowsAsync(Table table, TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var batch in new ScanReader(scan, new ParquetDataFileReader())
            .ReadAsync(TestContext.Current.CancellationToken))
            rows.AddRange(batch.Select(r => JsonText.Write(Canonical.Of(scan.Schema.Struct, r))));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private sealed class GoldenFiles : IFileIO
    {
        private const string Scheme = "s3://golden/";

        private readonly LocalFileIO _files = new();

        public Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken) =>
            _files.ReadAsync(PathOf(location), cancellationToken);

        public Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken) =>
            _files.ReadAsync(PathOf(location), offset, length, cancellationToken);

        public Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken) =>
            _files.OpenAsync(PathOf(location), length, cancellationToken);

        public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken) =>
            _files.ExistsAsync(PathOf(location), cancellationToken);

        public Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Golden tables are read only.");

        public Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Golden tables are read only.");

        public Task UploadAsync(string location, string path, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Golden tables are read only.");

        public Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Golden tables are read only.");

        public async IAsyncEnumerable<ListedFile> ListAsync(
            string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var (location, size, modified) in _files.ListAsync(PathOf(folder), cancellationToken))
                yield return new(Scheme + Path.GetRelativePath(GoldenFolder.Find(Folder)!, location), size, modified);
        }

        private static string PathOf(string location) => location.StartsWith(Scheme, StringComparison.Ordinal)
            ? Path.Combine(GoldenFolder.Find(Folder)!, location[Scheme.Length..])
            : throw new InvalidOperationException($"{location} is not a golden file.");
    }
}
