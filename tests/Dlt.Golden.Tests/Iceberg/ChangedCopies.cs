using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dlt.Iceberg;

namespace Dlt.Golden.Iceberg;

/// <summary>A catalog of one golden table. Written files stay in memory, on top of the files of the folder.</summary>
internal sealed class ChangedCopies(Table golden) : MetastoreCatalog(null)
{
    private readonly Lock _lock = new();
    private (TableMetadata Metadata, string Location) _current = (golden.Metadata, golden.MetadataLocation);

    public override IFileIO Files { get; } = new Overlay(golden.Files);

    public override Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        Task.FromResult<Table?>(new Table(identifier, _current.Metadata, _current.Location, Files, this));

    public override IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("There is one table.");

    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The table stays.");

    protected override Task<Table> AddTableAsync(TableIdentifier identifier, TableMetadata metadata,
        CancellationToken cancellationToken) => throw new NotSupportedException("The table exists.");

    protected override Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The table exists.");

    protected override async Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var content = TableMetadataJson.Write(next);
        await Files.WriteAsync(metadataLocation, content, cancellationToken);
        lock (_lock)
        {
            if (_current.Location != basis.MetadataLocation) return CommitOutcome.Conflict;
            _current = (TableMetadataJson.Read(content, metadataLocation), metadataLocation);
            return CommitOutcome.Committed;
        }
    }

    private sealed class Overlay(IFileIO below) : IFileIO
    {
        private readonly ConcurrentDictionary<string, byte[]> _written = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> _deleted = new(StringComparer.Ordinal);

        public async Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken) =>
            _written.TryGetValue(location, out var content) ? content : await Below(location).ReadAsync(location, cancellationToken);

        public async Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken) =>
            _written.TryGetValue(location, out var content)
                ? content[(int)offset..(int)(offset + length)]
                : await Below(location).ReadAsync(location, offset, length, cancellationToken);

        public async Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken) =>
            _written.TryGetValue(location, out var content)
                ? new MemoryStream(content, writable: false) : await Below(location).OpenAsync(location, length, cancellationToken);

        public Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken)
        {
            _written[location] = content;
            return Task.CompletedTask;
        }

        public Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken) =>
            Task.FromResult(_written.TryAdd(location, content));

        public async Task UploadAsync(string location, string path, CancellationToken cancellationToken) =>
            _written[location] = await File.ReadAllBytesAsync(path, cancellationToken);

        public async Task<bool> ExistsAsync(string location, CancellationToken cancellationToken) =>
            _written.ContainsKey(location) || (!_deleted.ContainsKey(location) && await below.ExistsAsync(location, cancellationToken));

        public Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken)
        {
            foreach (var location in locations)
            {
                if (_written.TryRemove(location, out _)) continue;
                // Old metadata files go where write.metadata.delete-after-commit.enabled says so.
                if (!location.Contains(".metadata.json", StringComparison.Ordinal))
                    throw new InvalidOperationException($"{location} is the golden table's own.");
                _deleted[location] = true;
            }

            return Task.CompletedTask;
        }

        public async IAsyncEnumerable<ListedFile> ListAsync(
            string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var file in below.ListAsync(folder, cancellationToken))
                if (!_deleted.ContainsKey(file.Location)) yield return file;
            foreach (var (location, content) in _written.Where(w => w.Key.StartsWith(folder, StringComparison.Ordinal)))
                yield return new(location, content.Length, DateTimeOffset.UnixEpoch);
        }

        private IFileIO Below(string location) =>
            _deleted.ContainsKey(location) ? throw new FileNotFoundException($"{location} was deleted.") : below;
    }
}
