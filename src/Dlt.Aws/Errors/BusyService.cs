using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>Says what a call that a busy service refused until its last attempt leaves, and what users can do.</summary>
internal static class BusyService
{
    /// <summary>State and advice after a full stop; empty for other errors.</summary>
    public static string Hint(AmazonServiceException error)
    {
        if (AwsErrors.IsThrottling(error.ErrorCode))
        {
            return AwsErrors.Stop(error) + " The account's limit of such calls is used up, whichever programs make them, and the call did "
                + "nothing. Run again later, with fewer loads at a time, or ask AWS for a higher quota.";
        }

        if (ForeignPage.Is(error)) return AwsErrors.Stop(error) + " " + ForeignPage.Remedy;
        return AwsErrors.IsBusy(error) ? AwsErrors.Stop(error) + " The service failed; run again later." : "";
    }
}
