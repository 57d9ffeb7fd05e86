using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Golden.Athena;

/// <summary>Counts the calls of a run, and fails those that do what a faulty statement of dlt would have done.</summary>
internal sealed class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private readonly List<CaseFault> _faults = [];
    private readonly List<string> _statements = [];

    /// <summary>Names of the calls, such as <c>glue.GetTable</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock) return [.. _calls];
        }
    }

    /// <summary>Texts of the statements that Athena got, over all runs.</summary>
    public IReadOnlyList<string> Statements
    {
        get
        {
            lock (_lock) return [.. _statements];
        }
    }

    /// <summary>Begins a run with its faults.</summary>
    public void Begin(IEnumerable<CaseFault> faults)
    {
        lock (_lock)
        {
            _calls.Clear();
            _faults.Clear();
            _faults.AddRange(faults);
        }
    }

    /// <returns>The error of the call; null when it goes on.</returns>
    public Exception? Note(string service, string method, object?[] arguments)
    {
        var name = service switch
        {
            nameof(IGlueCatalog) => "glue.",
            nameof(IAthena) => "athena.",
            nameof(IObjectStore) => "s3.",
            _ => throw new InvalidOperationException($"Unknown service {service}."),
        } + method.Replace("Async", "", StringComparison.Ordinal);
        lock (_lock)
        {
            _calls.Add(name);
            var sql = name == DltStatement.Start ? ((AthenaQuery)arguments[0]!).Sql : null;
            var fault = _faults.Count == 0 || (sql ?? DltStatement.Of(name, arguments)) is not { } statement
                ? null
                : _faults.Select(f => f.Hit(statement, isQuery: sql is not null)).FirstOrDefault(e => e is not null);
            if (sql is not null && fault is null) _statements.Add(sql);
            return fault;
        }
    }
}
