using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Asks for the state of queries. While one call is under way, the questions of other queries are collected for a common call
/// (<c>BatchGetQueryExecution</c>), so that many queries at once do not exceed the rate of the service, and a single one does not wait.
/// </summary>
/// <param name="call">Calls an operation of Athena.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class QueryStates(Func<string, JsonValue, CancellationToken, Task<JsonValue>> call)
{
    /// <summary>Number of ids that a common call may have (Amazon Athena API, BatchGetQueryExecution).</summary>
    private const int MostIds = 50;

    /// <summary>The call as errors about its response name it.</summary>
    public const string Call = "Athena to GetQueryExecution";

    private readonly Lock _lock = new();
    private readonly Queue<Question> _questions = new();
    private bool _isAsking;
    private volatile bool _asksOneByOne;

    /// <summary>Reads the member <c>QueryExecution</c> of a query.</summary>
    /// <param name="id">Id of the query.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="AthenaQueryException">The query does not exist, or the login may not read it.</exception>
    public async Task<JsonValue> GetAsync(string id, CancellationToken cancellationToken)
    {
        var question = new Question(id);
        lock (_lock)
        {
            if (_isAsking && !_asksOneByOne) _questions.Enqueue(question);
            else (_isAsking, question) = (true, null);
        }

        if (question is not null) return await question.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OneAsync(id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = AnswerAsync();
        }
    }

    /// <summary>The status of a query.</summary>
    /// <param name="query">The member <c>QueryExecution</c>.</param>
    public static JsonValue StatusOf(JsonValue query) => query.Member("Status", JsonKind.Object, Call);

    /// <summary>Answers the collected questions, until there are none. Errors go to those who asked.</summary>
    private async Task AnswerAsync()
    {
        while (Next() is { Count: > 0 } questions)
        {
            try
            {
                await AnswerAsync(questions).ConfigureAwait(false);
            }
            catch (AthenaQueryException error) when (error.ErrorName == "AccessDeniedException" && questions.Count > 1)
            {
                _asksOneByOne = true;   // a policy may allow GetQueryExecution alone
                foreach (var question in questions) _ = AnswerAsync([question]);
            }
            catch (Exception error)
            {
                foreach (var question in questions) question.Answer.TrySetException(error);
            }
        }
    }

    private async Task AnswerAsync(IReadOnlyList<Question> questions)
    {
        if (questions is [var single])
        {
            try
            {
                single.Answer.TrySetResult(await OneAsync(single.Id, CancellationToken.None).ConfigureAwait(false));
            }
            catch (Exception error)
            {
                single.Answer.TrySetException(error);
            }

            return;
        }

        var ids = JsonValue.Array([.. questions.Select(q => JsonValue.String(q.Id)).Distinct()]);
        var answer = await call("BatchGetQueryExecution", JsonValue.Object(("QueryExecutionIds", ids)), CancellationToken.None)
            .ConfigureAwait(false);
        var found = (answer["QueryExecutions"]?.Items ?? []).ToDictionary(e => e.Text("QueryExecutionId", Call));
        var refused = (answer["UnprocessedQueryExecutionIds"]?.Items ?? []).ToDictionary(e => e.Text("QueryExecutionId", Call));
        foreach (var question in questions)
        {
            if (found.TryGetValue(question.Id, out var execution)) question.Answer.TrySetResult(execution);
            else question.Answer.TrySetException(NotFound(question.Id, refused.GetValueOrDefault(question.Id)));
        }
    }

    private static AthenaQueryException NotFound(string id, JsonValue? reason) => new(
        reason?["ErrorCode"]?.AsString() ?? "QUERY_EXECUTION_NOT_FOUND",
        reason?["ErrorMessage"]?.AsString() ?? $"QueryExecution {id} was not found")
    { QueryExecutionId = id };

    private async Task<JsonValue> OneAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await call("GetQueryExecution", JsonValue.Object(("QueryExecutionId", JsonValue.String(id))), cancellationToken)
            .ConfigureAwait(false);
        return answer.Member("QueryExecution", JsonKind.Object, Call);
    }

    private List<Question> Next()
    {
        lock (_lock)
        {
            var next = new List<Question>();
            while (next.Count < MostIds && _questions.TryDequeue(out var question)) next.Add(question);
            _isAsking = next.Count > 0;
            return next;
        }
    }

    /// <summary>A query whose state somebody waits for.</summary>
    private sealed record Question(string Id)
    {
        public TaskCompletionSource<JsonValue> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
