using System.Collections.Immutable;
using System.Globalization;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Opens stores with the credentials that a catalog's server vends: one for all tables with the same ones. The catalog closes
/// them.</summary>
/// <param name="open">Opens a store by what the server says of it; null where files lie on a disk.</param>
internal sealed class VendedStores(Func<IReadOnlyDictionary<string, string>, IObjectStore>? open) : IDisposable
{
    private const string EndMs = "s3.session-token-expires-at-ms";

    private readonly Dictionary<string, IObjectStore> _stores = new(StringComparer.Ordinal);

    /// <summary>When credentials end; null when the server does not say.</summary>
    public static DateTimeOffset? EndOf(ImmutableDictionary<string, string> config) =>
        config.TryGetValue(EndMs, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && ms < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>The store of a configuration.</summary>
    public IObjectStore Of(ImmutableDictionary<string, string> config)
    {
        var key = string.Join('\n', config.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
        lock (_stores) return _stores.TryGetValue(key, out var store) ? store : _stores[key] = open!(config);
    }

    /// <summary>Closes all stores.</summary>
    public void Dispose()
    {
        lock (_stores)
        {
            foreach (var store in _stores.Values.OfType<IDisposable>()) store.Dispose();
            _stores.Clear();
        }
    }
}
