using System.Runtime.ExceptionServices;

namespace Dlt.Load;

/// <summary>The open datasets of a run: one, unless every schema has its own.</summary>
/// <param name="open">Opens a dataset.</param>
/// <param name="defaultName">The dataset of the default schema.</param>
internal sealed class DatasetClients(Func<string, RetryingClient> open, string defaultName) : IAsyncDisposable
{
    private readonly Dictionary<string, RetryingClient> _clients = new(StringComparer.Ordinal) { [defaultName] = open(defaultName) };

    /// <summary>Where the state of the pipeline is.</summary>
    public RetryingClient Default => _clients[defaultName];

    /// <summary>Name of a schema's dataset; set when the pipeline's state is known.</summary>
    public Func<string, string> DatasetOf { get; set; } = _ => defaultName;

    /// <summary>The dataset of a schema.</summary>
    public RetryingClient Of(string schema)
    {
        var dataset = DatasetOf(schema);
        lock (_clients) return _clients.TryGetValue(dataset, out var client) ? client : _clients[dataset] = open(dataset);
    }

    /// <summary>Closes all datasets, also after one that fails to close; its error is thrown then.</summary>
    public async ValueTask DisposeAsync()
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var client in _clients.Values)
        {
            try
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                failure ??= ExceptionDispatchInfo.Capture(error);
            }
        }

        failure?.Throw();
    }
}
