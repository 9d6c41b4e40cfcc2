import '@fontsource-variable/inter/index.css';
import './styles.css';
import './features/chat/bubble.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createPageRouter } from './app/router.js';

const app = createApp(App);
app.use(createPinia());
app.use(createPageRouter());
app.mount('#app');
