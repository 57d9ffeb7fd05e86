using Dlt.Json;

namespace Dlt.Tests.Support.Services;

/// <summary>Answers calls of the Athena API.</summary>
internal interface IAthenaAnswers
{
    Task<WireAnswer> AnswerAsync(string operation, JsonValue request);
}
