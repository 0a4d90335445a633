it('an episode is reported when the listener leaves', () => {
  cy.visit(`/episode?endpoint=${encodeURIComponent(Cypress.env('endpoint'))}`);
  cy.contains('button', 'Play').click();
  cy.get('audio').should(([audio]) => expect(audio.currentTime).to.be.above(4.5));
  cy.visit('/'); // the player sends its beacon
  cy.request(`${Cypress.env('mock')}/_mock/wait?sessions=1`);
});
